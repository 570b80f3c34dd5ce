package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.TokenPrediction;

/** Executes one module of a {@link TokenPrediction}. */
interface PredictionModule {

  /**
   * @param weights of this module alone
   */
  static PredictionModule of(
      ModelSpec spec, TokenPrediction modules, Weights weights, RotaryTables tables) {
    int hiddenSize = spec.hiddenSize();
    return spec.hyperConnections()
        .<PredictionModule>map(
            wiring -> new ConnectedPrediction(modules, wiring, weights, tables, hiddenSize))
        .orElseGet(() -> new JoinedPrediction(modules, weights, tables, hiddenSize));
  }

  /**
   * @param embedded {@code [M, C]}, the tokens after each position
   * @param hidden {@code [M, C]}, or {@code [M, n·C]} of hyper-connected streams: what is known at
   *     each position; stays as it is
   * @return of the shape of {@code hidden}, what is known of the token after those
   */
  Matrix apply(Compute compute, Batch batch, Matrix embedded, Matrix hidden);

  /** What the head reads of the result of {@link #apply}: {@code [M, C]}, normalised. */
  Matrix output(Compute compute, Matrix known);
}
