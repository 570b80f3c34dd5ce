package dev.jandaia.spec.count;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;

/** What each kind of mixer costs; the rules are in one file per kind. */
final class MixerCost {
  private MixerCost() {}

  static LayerCost of(Mixer mixer, int hiddenSize) {
    return switch (mixer) {
      case GroupedQueryAttention attention -> GroupedQueryCost.of(attention, hiddenSize);
      case LatentAttention attention -> LatentCost.of(attention, hiddenSize);
      case CompressedAttention attention -> CompressedCost.of(attention, hiddenSize);
      case GatedDeltaNet deltaNet -> RecurrentCost.of(deltaNet, hiddenSize);
      case KimiDeltaAttention kimiDelta -> RecurrentCost.of(kimiDelta, hiddenSize);
      case LightningAttention lightning -> RecurrentCost.of(lightning, hiddenSize);
    };
  }
}
