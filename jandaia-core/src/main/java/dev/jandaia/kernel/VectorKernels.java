package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;

import dev.jandaia.tensor.Tensor;

/**
 * The fast kernels, on the JDK's Vector API. Each delegates to the file of its kind. To be had from
 * {@link VectorApi}, which loads the module first.
 */
final class VectorKernels implements Kernels {
  private final VectorProducts products;

  VectorKernels(VectorProducts products) {
    this.products = products;
  }

  @Override
  public boolean roundsActivations() {
    return products.roundsActivations();
  }

  @Override
  public String name() {
    return products.name();
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    EncodedMatrix encoded = new EncodedMatrix(matrix);
    return products
        .rounded(matrix, encoded)
        .<WeightMatrix>map(rounded -> new PackedWeight(rounded, encoded))
        .orElseGet(() -> stored(encoded));
  }

  /** A matrix that is multiplied as it is stored, exactly. */
  WeightMatrix stored(EncodedMatrix matrix) {
    return new VectorWeight(matrix);
  }

  @Override
  public float sumOfSquares(float[] x, int xOffset, int length) {
    return VectorElementwise.dot(x, xOffset, x, xOffset, length);
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    return VectorElementwise.dot(a, aOffset, b, bOffset, length);
  }

  @Override
  public void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
    VectorElementwise.axpy(alpha, x, xOffset, y, yOffset, length);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    VectorElementwise.add(x, xOffset, y, yOffset, length);
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    VectorElementwise.multiply(x, xOffset, y, yOffset, length);
  }

  @Override
  public void scale(float alpha, float[] x, int xOffset, int length) {
    VectorElementwise.scale(alpha, x, xOffset, length);
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    return VectorElementwise.max(x, xOffset, length);
  }

  @Override
  public float expSum(float[] x, int xOffset, int length, float shift) {
    return VectorExp.expSum(x, xOffset, length, shift);
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
    VectorElementwise.scaleByGain(x, xOffset, inverseRms, gain, gainOffset, y, yOffset, length);
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
    VectorExp.siluMultiply(gate, gateOffset, up, upOffset, out, outOffset, length);
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
    VectorExp.geluTanhMultiply(gate, gateOffset, up, upOffset, out, outOffset, length);
  }

  @Override
  public void rotateHalves(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    VectorRotation.halves(x, xOffset, cos, sin, tableOffset, half, sinSign);
  }

  @Override
  public void rotatePairs(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int half, float sinSign) {
    VectorRotation.pairs(x, xOffset, cos, sin, tableOffset, half, sinSign);
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
    if (rows < AttentionTiles.LEAST_ROWS || count < COUNT) {
      VectorAttention.dots(
          q, qOffset, qStride, rows, k, kOffset, kStride, count, dim, out, outOffset, outStride);
    } else {
      AttentionTiles.dots(
          q, qOffset, qStride, rows, k, kOffset, kStride, count, dim, out, outOffset, outStride);
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
    if (rows < AttentionTiles.LEAST_ROWS || dim < COUNT) {
      for (int r = 0; r < rows; r++) {
        VectorAttention.weightedSum(
            p,
            pOffset + r * pStride,
            v,
            vOffset,
            vStride,
            count,
            dim,
            out,
            outOffset + r * outStride);
      }
    } else {
      AttentionTiles.weightedSums(
          p, pOffset, pStride, rows, v, vOffset, vStride, count, dim, out, outOffset, outStride);
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
    VectorRows.dots(this, q, qOffset, qStride, rows, k, row, count, out, outOffset, outStride);
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
    VectorRows.weightedSums(
        this, p, pOffset, pStride, rows, v, row, count, columns, out, outOffset, outStride);
  }

  @Override
  public void hadamard(float[] x, int xOffset, int length) {
    VectorHadamard.transform(x, xOffset, length);
  }

  @Override
  public void halvesToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    VectorDecode.halves(in, inOffset, out, outOffset, length);
  }

  @Override
  public void brainsToFloats(short[] in, int inOffset, float[] out, int outOffset, int length) {
    VectorDecode.brains(in, inOffset, out, outOffset, length);
  }

  @Override
  public void bytesToFloats(
      byte[] in, int inOffset, float scale, float[] out, int outOffset, int length) {
    VectorDecode.bytes(in, inOffset, scale, out, outOffset, length);
  }

  @Override
  public void codesToFloats(
      PackedCodes codes, int row, float[] codebook, float scale, float[] out, int outOffset) {
    VectorDecode.codes(codes, row, codebook, scale, out, outOffset);
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
    OuterProducts.add(
        dOut, dOutOffset, dOutStride, x, xOffset, xStride, m, dWeight, cols, fromRow, toRow);
  }
}
