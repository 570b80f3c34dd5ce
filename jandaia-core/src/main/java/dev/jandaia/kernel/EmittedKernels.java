package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.ElementKernels;
import dev.jandaia.kernel.emitted.EmittedMatrix;
import dev.jandaia.kernel.emitted.FloatProducts;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.util.Optional;

/**
 * The kernels of x86-64 processors with AVX2, or AVX-512 and its integer dot products: machine code
 * written at run time. What has none, and is seldom needed to generate, goes through the Vector
 * API.
 */
final class EmittedKernels implements Kernels {
  /** For which weights. */
  enum Use {
    /** Those whose products need no rounding of activations: sixteen bits. */
    EXACT {
      @Override
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return EmittedMatrix.exact(matrix.dtype(), matrix.data(), rows, cols);
      }
    },

    /** Large ones. Small ones stay in the cache and gain little: they keep exact activations. */
    LARGE {
      @Override
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return isSmall(rows, cols) ? Optional.empty() : ALL.emitted(matrix, rows, cols);
      }
    },

    /** All, whatever the size. */
    ALL {
      @Override
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return EmittedMatrix.fastest(matrix.dtype(), matrix.data(), rows, cols);
      }
    };

    abstract Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols);
  }

  /** Elements of a matrix that does not stay in the processor's cache. */
  private static final long FEWEST = 1 << 18;

  private final Use use;
  private final EmittedFloats floats;
  private final ElementKernels elements;
  private final FloatProducts products;

  EmittedKernels(Use use, EmittedFloats floats) {
    this.use = use;
    this.floats = floats;
    this.elements = floats.elements();
    this.products = floats.products();
  }

  @Override
  public String name() {
    return "emitted-" + floats.length().bits();
  }

  @Override
  public boolean roundsActivations() {
    return use != Use.EXACT;
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    EncodedMatrix encoded = new EncodedMatrix(matrix);
    return use.emitted(matrix, encoded.rows, encoded.cols)
        .<WeightMatrix>map(emitted -> new PackedWeight(emitted, encoded))
        .orElseGet(() -> exact(matrix, encoded));
  }

  private WeightMatrix exact(Tensor matrix, EncodedMatrix encoded) {
    boolean floats = encoded.dtype == DType.F32 || isSmall(encoded.rows, encoded.cols);
    return floats && FloatWeight.serves(products, encoded)
        ? new FloatWeight(products, encoded)
        : rest().weight(matrix);
  }

  private static boolean isSmall(int rows, int cols) {
    return (long) rows * cols < FEWEST;
  }

  /** For what has no machine code. */
  private static Kernels rest() {
    return VectorApi.exact();
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    return elements.dot(a, aOffset, b, bOffset, length);
  }

  @Override
  public void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
    elements.axpy(alpha, x, xOffset, y, yOffset, length);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    elements.add(x, xOffset, y, yOffset, length);
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    elements.multiply(x, xOffset, y, yOffset, length);
  }

  @Override
  public void scale(float alpha, float[] x, int xOffset, int length) {
    elements.scale(alpha, x, xOffset, length);
  }

  @Override
  public float sumOfSquares(float[] x, int xOffset, int length) {
    return elements.dot(x, xOffset, x, xOffset, length);
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    return elements.max(x, xOffset, length);
  }

  @Override
  public float expSum(float[] x, int xOffset, int length, float shift) {
    return elements.expSum(x, xOffset, length, shift);
  }

  @Override
  public void scaleByGain(
      float[] x,
      int xOffset,
      float inverseRms,
      float[] gain,
      int gainOffset,
      float[] y,
      int yOffset,
      int length) {
    elements.scaleByGain(x, xOffset, inverseRms, gain, gainOffset, y, yOffset, length);
  }

  @Override
  public void siluMultiply(
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int length) {
    elements.siluMultiply(gate, gateOffset, up, upOffset, out, outOffset, length);
  }

  @Override
  public void geluTanhMultiply(
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int length) {
    elements.geluTanhMultiply(gate, gateOffset, up, upOffset, out, outOffset, length);
  }

  @Override
  public void rotateHalves(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    elements.rotateHalves(x, xOffset, cos, sin, tableOffset, half, sinSign);
  }

  @Override
  public void rotatePairs(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    elements.rotatePairs(x, xOffset, cos, sin, tableOffset, half, sinSign);
  }

  @Override
  public void dots(
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
      int outStride) {
    if (products.areTrusted()) {
      floats.rows().dots(q, qOffset, qStride, rows, k, next, row, count, out, outOffset, outStride);
    } else {
      rest().dots(q, qOffset, qStride, rows, k, next, row, count, out, outOffset, outStride);
    }
  }

  @Override
  public void weightedSums(
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
      int outStride) {
    if (products.areTrusted()) {
      floats
          .rows()
          .weightedSums(
              p, pOffset, pStride, rows, v, next, row, count, columns, out, outOffset, outStride);
    } else {
      rest()
          .weightedSums(
              p, pOffset, pStride, rows, v, next, row, count, columns, out, outOffset, outStride);
    }
  }

  @Override
  public void dots(
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
      int outStride) {
    if (products.areTrusted()) {
      products.dots(
          q, qOffset, qStride, rows, k, kOffset, kStride, count, dim, out, outOffset, outStride);
    } else {
      rest()
          .dots(
              q, qOffset, qStride, rows, k, kOffset, kStride, count, dim, out, outOffset,
              outStride);
    }
  }

  @Override
  public void weightedSums(
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
      int outStride) {
    if (products.areTrusted()) {
      products.addSums(
          p, pOffset, pStride, rows, v, vOffset, vStride, count, dim, out, outOffset, outStride);
    } else {
      rest()
          .weightedSums(
              p, pOffset, pStride, rows, v, vOffset, vStride, count, dim, out, outOffset,
              outStride);
    }
  }

  @Override
  public void hadamard(float[] x, int xOffset, int length) {
    if (length < elements.leastHadamard()) {
      ScalarKernels.transform(x, xOffset, length);
    } else {
      elements.hadamard(x, xOffset, length);
    }
  }

  @Override
  public void halvesToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    // A loop that the compiler turns into the processor's own conversion.
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = Float.float16ToFloat(in[inOffset + i]);
    }
  }

  @Override
  public void brainsToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    rest().brainsToFloats(in, inOffset, out, outOffset, length);
  }

  @Override
  public void bytesToFloats(
      byte[] in, int inOffset, float scale, float[] out, int outOffset, int length) {
    rest().bytesToFloats(in, inOffset, scale, out, outOffset, length);
  }

  @Override
  public void codesToFloats(
      PackedCodes codes, int row, float[] codebook, float scale, float[] out, int outOffset) {
    rest().codesToFloats(codes, row, codebook, scale, out, outOffset);
  }

  @Override
  public void addOuterProducts(
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
      int toRow) {
    rest()
        .addOuterProducts(
            dOut, dOutOffset, dOutStride, x, xOffset, xStride, m, dWeight, cols, fromRow, toRow);
  }
}
