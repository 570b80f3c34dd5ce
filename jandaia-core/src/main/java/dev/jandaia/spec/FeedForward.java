package dev.jandaia.spec;

/** The part of a layer that treats each token alone. */
public sealed interface FeedForward
    permits Mlp, GatedMlp, MixtureOfExperts, DenseAndMoe, NormedDenseAndMoe {}
