package dev.jandaia.spec;

/** How tokens of a sequence look at each other. */
public sealed interface Mixer
    permits GroupedQueryAttention,
        LatentAttention,
        CompressedAttention,
        GatedDeltaNet,
        KimiDeltaAttention,
        LightningAttention {}
