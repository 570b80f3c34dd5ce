package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;

/** Executes a {@link Mixer}. */
interface MixerLayer {

  /**
   * @param x {@code [M, C]}, the rows of {@code batch}
   * @return {@code [M, C]}; the caches of the batch's sequences have grown by its rows
   */
  Matrix apply(Compute compute, Batch batch, RowSource x);

  /**
   * @param index of the layer, and so of its cache
   * @param path of its parameters
   */
  static MixerLayer of(
      Mixer mixer, Weights weights, RotaryTables tables, int index, String path, int hiddenSize) {
    return switch (mixer) {
      case GroupedQueryAttention attention ->
          new GroupedQueryAttentionLayer(attention, weights, tables, index, path, hiddenSize);
      case LatentAttention attention ->
          new LatentAttentionLayer(attention, weights, tables, index, path, hiddenSize);
      case CompressedAttention attention ->
          new CompressedAttentionLayer(attention, weights, tables, index, path, hiddenSize);
      case GatedDeltaNet deltaNet ->
          new GatedDeltaNetLayer(deltaNet, weights, index, path, hiddenSize);
      case KimiDeltaAttention kimiDelta ->
          new KimiDeltaAttentionLayer(kimiDelta, weights, index, path, hiddenSize);
      case LightningAttention lightning ->
          new LightningAttentionLayer(lightning, weights, index, path, hiddenSize);
    };
  }
}
