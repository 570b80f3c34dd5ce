package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.Residual;

/** The shortcut of {@link Residual.Laurel}: x + norm(W_R·W_L·x). */
final class LowRankShortcut {
  private final Projection narrow;
  private final Projection widen;
  private final NormLayer norm;

  LowRankShortcut(Residual.Laurel spec, Weights weights, String path, int hiddenSize) {
    narrow = Projection.of(weights, path + ".narrow", spec.rank(), hiddenSize, false);
    widen = Projection.of(weights, path + ".widen", hiddenSize, spec.rank(), false);
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", hiddenSize);
  }

  /** {@code [M, C] → [M, C]}. */
  Matrix apply(Compute compute, Matrix x) {
    Matrix image = widen.apply(compute, narrow.apply(compute, x));
    return Add.apply(compute, norm.apply(compute, image), x);
  }
}
