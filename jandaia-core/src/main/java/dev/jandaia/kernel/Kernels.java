package dev.jandaia.kernel;

import dev.jandaia.tensor.Tensor;

/**
 * The arithmetic under every operation, single-threaded, on {@code float[]} with offsets. There is
 * one scalar implementation, written for reading and used as the oracle, and faster ones that must
 * agree with it. Callers split work over threads.
 *
 * <p>Lengths may be zero; input and output ranges do not overlap unless a method says so. No method
 * allocates.
 */
public interface Kernels {

  /**
   * The fastest kernels of this machine that take activations as they are: for training, and for
   * results to compare with a reference. The system property {@code jandaia.kernels} ({@code
   * scalar}, {@code vector} or {@code emitted}) overrides the choice.
   */
  static Kernels best() {
    return KernelSelector.EXACT.get().kernels();
  }

  /**
   * The fastest kernels of this machine, for generation. Where weights are quantised and large they
   * may round activations to as many bits: products then differ from exact ones by about a
   * hundredth of their spread. The system property {@code jandaia.kernels} overrides this choice
   * too.
   */
  static Kernels fastest() {
    return KernelSelector.FASTEST.get().kernels();
  }

  /** One line that says which kernels {@link #fastest} chose, and why. */
  static String describe() {
    return KernelSelector.FASTEST.get().reason();
  }

  /**
   * The kernels of that name: a value of the property {@code jandaia.kernels}, or empty for {@link
   * #fastest}.
   *
   * @throws RuntimeException if there are none of that name, or this machine lacks what they need
   */
  static Kernels named(String name) {
    return KernelSelector.choose(name).kernels();
  }

  /** The oracle: written for reading, slow, and right. */
  static Kernels scalar() {
    return new ScalarKernels();
  }

  /**
   * A short name for logs and benchmark tables, for example {@code scalar}, {@code vector-256} or
   * {@code emitted-512}.
   */
  String name();

  /**
   * Whether {@link #weight} may round activations. Who chose such kernels may round other things as
   * much.
   */
  default boolean roundsActivations() {
    return false;
  }

  /**
   * Prepares a stored matrix {@code [rows, cols]} of any encoding for multiplication. The kernel
   * for its encoding is chosen here, once. The result reads the tensor's memory: later writes to
   * F32 weights (training) are seen, other encodings may be repacked when they are first used. Fast
   * kernels want native or mapped memory: a segment over a heap array works, but C2 has no vector
   * loads for it and makes garbage.
   */
  WeightMatrix weight(Tensor matrix);

  /** Σ a[i]·b[i]. */
  float dot(float[] a, int aOffset, float[] b, int bOffset, int length);

  /** y[i] += alpha·x[i]. */
  void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length);

  /** y[i] += x[i]. */
  void add(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** y[i] *= x[i]. */
  void multiply(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** x[i] *= alpha. */
  void scale(float alpha, float[] x, int xOffset, int length);

  /** Σ x[i]². */
  float sumOfSquares(float[] x, int xOffset, int length);

  /** The largest x[i]; −∞ when {@code length} is zero. */
  float max(float[] x, int xOffset, int length);

  /** x[i] = exp(x[i] − shift); returns Σ x[i]. exp(−∞) is exactly zero. */
  float expSum(float[] x, int xOffset, int length, float shift);

  /**
   * y[i] = x[i]·inverseRms·gain[i]: the inner loop of RMSNorm (1910.07467). In place when y is x.
   */
  void scaleByGain(
      float[] x,
      int xOffset,
      float inverseRms,
      float[] gain,
      int gainOffset,
      float[] y,
      int yOffset,
      int length);

  /** out[i] = silu(gate[i])·up[i], silu(z) = z·σ(z). In place when out is gate. */
  void siluMultiply(
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int length);

  /**
   * out[i] = gelu(gate[i])·up[i], gelu(z) = z/2·(1 + tanh(√(2/π)·(z + 0.044715 z³))). In place when
   * out is gate.
   */
  void geluTanhMultiply(
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int length);

  /**
   * RoPE (2104.09864) on half-split pairs, in place: for i in 0..half (x[i], x[i+half]) is rotated
   * by the angle whose cosine and sine are cos[i], sin[i]. The backward pass rotates by the
   * negative angle: {@code sinSign} −1.
   */
  void rotateHalves(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign);

  /** As {@link #rotateHalves}, on neighbouring pairs (x[2i], x[2i+1]). */
  void rotatePairs(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign);

  /**
   * out[r·outStride + j] = Σ_d q[r·qStride + d]·k[j·kStride + d], r in 0..rows, j in 0..count:
   * queries against a run of keys.
   */
  void dots(
      float[] q,
      int qOffset,
      int qStride,
      int rows,
      float[] k,
      int kOffset,
      int kStride,
      int count,
      int dim,
      float[] out,
      int outOffset,
      int outStride);

  /**
   * out[r·outStride + d] += Σ_j p[r·pStride + j]·v[j·vStride + d], r in 0..rows, d in 0..dim: rows
   * of probabilities times a run of values.
   */
  void weightedSums(
      float[] p,
      int pOffset,
      int pStride,
      int rows,
      float[] v,
      int vOffset,
      int vStride,
      int count,
      int dim,
      float[] out,
      int outOffset,
      int outStride);

  /**
   * As the other {@code dots}, the keys as a cache keeps them: out[r·outStride + j] = Σ_d
   * q[r·qStride + d]·k[row + j, d].
   *
   * @param k of {@code k.dim()} elements each
   * @param next of the same kind: rows of the same numbers in it will be asked for next; a hint
   */
  void dots(
      float[] q,
      int qOffset,
      int qStride,
      int rows,
      CachedRows k,
      CachedRows next,
      int row,
      int count,
      float[] out,
      int outOffset,
      int outStride);

  /**
   * As the other {@code weightedSums}, the values as a cache keeps them: out[r·outStride + d] +=
   * Σ_j p[r·pStride + j]·v[row + j, d] for the first {@code columns} elements of each.
   *
   * @param next as above
   */
  void weightedSums(
      float[] p,
      int pOffset,
      int pStride,
      int rows,
      CachedRows v,
      CachedRows next,
      int row,
      int count,
      int columns,
      float[] out,
      int outOffset,
      int outStride);

  /** The first {@code weightedSums} of one row: out[d] += Σ_j p[j]·v[j·vStride + d]. */
  default void weightedSum(
      float[] p,
      int pOffset,
      float[] v,
      int vOffset,
      int vStride,
      int count,
      int dim,
      float[] out,
      int outOffset) {
    weightedSums(p, pOffset, 0, 1, v, vOffset, vStride, count, dim, out, outOffset, 0);
  }

  /**
   * The Walsh–Hadamard transform in place, y = H·x/√length: symmetric, orthogonal, its own inverse.
   *
   * @param length a power of two
   */
  void hadamard(float[] x, int xOffset, int length);

  /** out[i] = the half-precision number in[i], which must be finite. */
  void halvesToFloats(short[] in, int inOffset, float[] out, int outOffset, int length);

  /** out[i] = the bfloat16 number in[i]. */
  void brainsToFloats(short[] in, int inOffset, float[] out, int outOffset, int length);

  /** out[i] = scale·in[i]. */
  void bytesToFloats(byte[] in, int inOffset, float scale, float[] out, int outOffset, int length);

  /**
   * out[i] = scale·codebook[code i of a row], for all columns of the row.
   *
   * @param codebook 16 floats, of which codes of b bits use the first 2ᵇ
   */
  void codesToFloats(
      PackedCodes codes, int row, float[] codebook, float scale, float[] out, int outOffset);

  /**
   * The weight gradient of y = x·Wᵀ: for rows r in [fromRow, toRow) dWeight[r, c] += Σ_m dOut[m,
   * r]·x[m, c].
   *
   * @param dOut {@code [m, rows]} with row stride {@code dOutStride}
   * @param x {@code [m, cols]} with row stride {@code xStride}
   * @param dWeight {@code [rows, cols]} dense
   */
  void addOuterProducts(
      float[] dOut,
      int dOutOffset,
      int dOutStride,
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] dWeight,
      int cols,
      int fromRow,
      int toRow);
}
