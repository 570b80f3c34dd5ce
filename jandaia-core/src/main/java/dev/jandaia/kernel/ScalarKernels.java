package dev.jandaia.kernel;

import dev.jandaia.tensor.Tensor;

/**
 * The oracle: each method is its formula, one element after the other, sums in double. Faster
 * kernels are tested against it.
 */
final class ScalarKernels implements Kernels {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    return new ScalarWeight(new EncodedMatrix(matrix));
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[aOffset + i] * b[bOffset + i];
    }
    return (float) sum;
  }

  @Override
  public void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += alpha * x[xOffset + i];
    }
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += x[xOffset + i];
    }
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] *= x[xOffset + i];
    }
  }

  @Override
  public void scale(float alpha, float[] x, int xOffset, int length) {
    for (int i = 0; i < length; i++) {
      x[xOffset + i] *= alpha;
    }
  }

  @Override
  public float sumOfSquares(float[] x, int xOffset, int length) {
    return dot(x, xOffset, x, xOffset, length);
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = Math.max(max, x[xOffset + i]);
    }
    return max;
  }

  @Override
  public float expSum(float[] x, int xOffset, int length, float shift) {
    double sum = 0;
    for (int i = xOffset; i < xOffset + length; i++) {
      x[i] = (float) Math.exp(x[i] - shift);
      sum += x[i];
    }
    return (float) sum;
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
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = x[xOffset + i] * inverseRms * gain[gainOffset + i];
    }
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
    for (int i = 0; i < length; i++) {
      double z = gate[gateOffset + i];
      out[outOffset + i] = (float) (z / (1 + Math.exp(-z)) * up[upOffset + i]);
    }
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
    for (int i = 0; i < length; i++) {
      double z = gate[gateOffset + i];
      double gelu = z / 2 * (1 + Math.tanh(SQRT_2_OVER_PI * (z + 0.044715 * z * z * z)));
      out[outOffset + i] = (float) (gelu * up[upOffset + i]);
    }
  }

  @Override
  public void rotateHalves(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    for (int i = 0; i < half; i++) {
      rotate(
          x, xOffset + i, xOffset + half + i, cos[tableOffset + i], sinSign * sin[tableOffset + i]);
    }
  }

  @Override
  public void rotatePairs(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    for (int i = 0; i < half; i++) {
      int pair = xOffset + 2 * i;
      rotate(x, pair, pair + 1, cos[tableOffset + i], sinSign * sin[tableOffset + i]);
    }
  }

  private static void rotate(float[] x, int first, int second, float cos, float sin) {
    float a = x[first];
    float b = x[second];
    x[first] = a * cos - b * sin;
    x[second] = b * cos + a * sin;
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
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < count; j++) {
        out[outOffset + r * outStride + j] =
            dot(q, qOffset + r * qStride, k, kOffset + j * kStride, dim);
      }
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
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < dim; d++) {
        double sum = out[outOffset + r * outStride + d];
        for (int j = 0; j < count; j++) {
          sum += (double) p[pOffset + r * pStride + j] * v[vOffset + j * vStride + d];
        }
        out[outOffset + r * outStride + d] = (float) sum;
      }
    }
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
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < count; j++) {
        double sum = 0;
        for (int d = 0; d < k.dim(); d++) {
          sum += (double) q[qOffset + r * qStride + d] * k.get(row + j, d);
        }
        out[outOffset + r * outStride + j] = (float) sum;
      }
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
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < columns; d++) {
        double sum = out[outOffset + r * outStride + d];
        for (int j = 0; j < count; j++) {
          sum += (double) p[pOffset + r * pStride + j] * v.get(row + j, d);
        }
        out[outOffset + r * outStride + d] = (float) sum;
      }
    }
  }

  @Override
  public void hadamard(float[] x, int xOffset, int length) {
    transform(x, xOffset, length);
  }

  @Override
  public void halvesToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = Float.float16ToFloat(in[inOffset + i]);
    }
  }

  @Override
  public void brainsToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = Float.intBitsToFloat(in[inOffset + i] << 16);
    }
  }

  @Override
  public void bytesToFloats(
      byte[] in, int inOffset, float scale, float[] out, int outOffset, int length) {
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = scale * in[inOffset + i];
    }
  }

  @Override
  public void codesToFloats(
      PackedCodes codes, int row, float[] codebook, float scale, float[] out, int outOffset) {
    for (int i = 0; i < codes.dim(); i++) {
      out[outOffset + i] = scale * codebook[codes.get(row, i)];
    }
  }

  /** Sums and differences of pairs, then of pairs of pairs. */
  static void transform(float[] x, int xOffset, int length) {
    for (int half = 1; half < length; half *= 2) {
      for (int i = 0; i < length; i++) {
        if ((i & half) == 0) {
          float a = x[xOffset + i];
          float b = x[xOffset + i + half];
          x[xOffset + i] = a + b;
          x[xOffset + i + half] = a - b;
        }
      }
    }
    float factor = (float) (1 / Math.sqrt(length));
    for (int i = 0; i < length; i++) {
      x[xOffset + i] *= factor;
    }
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
    for (int r = fromRow; r < toRow; r++) {
      for (int c = 0; c < cols; c++) {
        double sum = dWeight[r * cols + c];
        for (int i = 0; i < m; i++) {
          sum += (double) dOut[dOutOffset + i * dOutStride + r] * x[xOffset + i * xStride + c];
        }
        dWeight[r * cols + c] = (float) sum;
      }
    }
  }
}
