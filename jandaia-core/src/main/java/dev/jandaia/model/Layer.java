package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Residual;

/** Executes one layer, or what is wrapped around one. */
interface Layer {

  /**
   * @param x {@code [M, C]}, the residual stream; where there are n of them {@code [n·M, C]}, or
   *     {@code [M, n·C]} if they are hyper-connected
   * @return the stream after the layer; without a tape it has taken the place of x
   */
  Matrix apply(Compute compute, Batch batch, Matrix x);

  static Layer of(BlockSpec spec, Weights weights, RotaryTables tables, int index, int hiddenSize) {
    String path = "blocks." + index;
    return switch (spec.residual()) {
      case Residual.WithInput(Residual layer, var input) ->
          new WithInputLayer(
              of(spec.withResidual(layer), weights, tables, index, hiddenSize),
              new LayerInputNetwork(input, weights, path + ".layerInput", hiddenSize, index));
      case Residual.AltUp altUp ->
          new AltUpLayer(
              altUp,
              of(spec.withResidual(altUp.layer()), weights, tables, index, hiddenSize),
              weights,
              index,
              hiddenSize);
      case Residual.HyperConnected connected ->
          new HyperConnectedLayer(connected, spec, weights, tables, index, hiddenSize);
      case Residual.Rescaled(Residual layer) ->
          new RescaledLayer(
              of(spec.withResidual(layer), weights, tables, index, hiddenSize),
              weights.vector(path + ".outputScale", 1));
      default -> new Block(spec, weights, tables, index, hiddenSize);
    };
  }
}
