package dev.jandaia.spec.count;

import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LightningAttention;

/**
 * Linear attention: the same work and memory for every token.
 *
 * <ul>
 *   <li>weights: the projections of x, and of the convolutions width·k.
 *   <li>state: H matrices of keyDim·valueDim elements.
 *   <li>per token: 2 operations for each element of the state that is written and for each that is
 *       read; the delta rule reads it twice, 6 in all, lightning attention once, 4 in all.
 *   <li>convolutions of k tokens remember k − 1 inputs of each channel.
 * </ul>
 */
final class RecurrentCost {
  private RecurrentCost() {}

  static LayerCost of(GatedDeltaNet deltaNet, long hiddenSize) {
    long keys = deltaNet.keyWidth();
    long values = deltaNet.valueWidth();
    long heads = deltaNet.numValueHeads();
    long convolved = 2 * keys + values;
    long state = values * deltaNet.keyDim();
    return LayerCost.recurrent(
        hiddenSize * (convolved + 2 * values + 2 * heads) + convolved * deltaNet.convolution(),
        LayerCache.recurrent(state, convolved * (deltaNet.convolution() - 1)),
        6 * state);
  }

  static LayerCost of(KimiDeltaAttention kimiDelta, long hiddenSize) {
    long width = kimiDelta.width();
    long rank = kimiDelta.headDim();
    long state = width * kimiDelta.headDim();
    long lowRank = 2 * rank * (hiddenSize + width);
    return LayerCost.recurrent(
        hiddenSize * (4 * width + kimiDelta.numHeads())
            + lowRank
            + 3 * width * kimiDelta.convolution(),
        LayerCache.recurrent(state, 3 * width * (kimiDelta.convolution() - 1)),
        6 * state);
  }

  static LayerCost of(LightningAttention lightning, long hiddenSize) {
    long width = lightning.width();
    long state = width * lightning.headDim();
    return LayerCost.recurrent(5 * hiddenSize * width, LayerCache.recurrent(state, 0), 4 * state);
  }
}
