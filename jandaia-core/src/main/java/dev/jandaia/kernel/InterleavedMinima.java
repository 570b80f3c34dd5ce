package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Q4_K and Q5_K: d and dmin of 256 columns, and of each run of 32 six bits s and six bits m; a
 * weight is d·s·code − dmin·m. Codes are taken around a centre, which is made up for. Packed bytes
 * are sixteen s and sixteen m of each run.
 */
final class InterleavedMinima extends InterleavedFormat {
  private static final int RUNS = 8;

  private static final NibbleRuns NIBBLES = new NibbleRuns();
  private static final ByteRuns BYTES = new ByteRuns(32, 16);

  private static final int STORED_SCALES = 4;
  private static final int STORED_HIGH = 16;
  private static final int HIGH_BYTES = 32;

  private final boolean fiveBits;

  InterleavedMinima(DType dtype) {
    super(dtype, 32, 2, RUNS * 2 * ROWS, dtype == DType.Q5_K ? BYTES : NIBBLES);
    fiveBits = dtype == DType.Q5_K;
  }

  @Override
  void packScales(MemorySegment stored, long from, MemorySegment packed, long halves, long bytes) {
    copyHalf(stored, from, packed, halves);
    copyHalf(stored, from + 2, packed, halves + 2 * ROWS);
    long scales = Stored.groupScales(stored, from + STORED_SCALES);
    long minima = Stored.groupMinima(stored, from + STORED_SCALES);
    for (int run = 0; run < RUNS; run++) {
      long to = bytes + run * 2 * ROWS;
      packed.set(ValueLayout.JAVA_BYTE, to, (byte) Stored.group(scales, run));
      packed.set(ValueLayout.JAVA_BYTE, to + ROWS, (byte) Stored.group(minima, run));
    }
  }

  /**
   * Stored are the codes of runs 2p and 2p + 1 in the lower and upper halves of 32 bytes; before
   * them, in Q5_K, 32 bytes of fifth bits: those of run r are bits r.
   */
  @Override
  void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    long first = from + STORED_HIGH;
    for (int run = 0; run < RUNS; run += 2) {
      if (fiveBits) {
        long low = first + HIGH_BYTES + 16 * run;
        packBytes(stored, low, first, run, packed, to, lane);
      } else {
        packNibbles(stored, first + 16 * run, run, packed, to, lane);
      }
    }
  }

  private static void packNibbles(
      MemorySegment stored, long from, int run, MemorySegment packed, long to, int lane) {
    for (int i = 0; i < 4; i++) {
      int first = storedInt(stored, from + 4 * i);
      int second = storedInt(stored, from + 16 + 4 * i);
      int even = first & 0x0F0F0F0F | (second & 0x0F0F0F0F) << 4;
      int odd = first >>> 4 & 0x0F0F0F0F | second & 0xF0F0F0F0;
      put(packed, to, 4 * run + i, lane, even);
      put(packed, to, 4 * run + 4 + i, lane, odd);
    }
  }

  private static void packBytes(
      MemorySegment stored, long low, long high, int run, MemorySegment packed, long to, int lane) {
    for (int i = 0; i < 8; i++) {
      int codes = storedInt(stored, low + 4 * i);
      int fifths = storedInt(stored, high + 4 * i) >>> run;
      put(packed, to, 8 * run + i, lane, fiveBits(codes, fifths));
      put(packed, to, 8 * run + 8 + i, lane, fiveBits(codes >>> 4, fifths >>> 1));
    }
  }

  private static int fiveBits(int low, int high) {
    return low & 0x0F0F0F0F | (high & 0x01010101) << 4;
  }

  @Override
  void unpackScales(
      MemorySegment packed, long halves, long bytes, int blocks, float[] scales, int so) {
    float[] floats = Scratch.ofThread().halfFloats(blocks * 2 * ROWS);
    Interleaved.halves(packed, halves, blocks * 2 * ROWS, floats, 0);
    Interleaved.scaleBytes(packed, bytes, 2 * ROWS, RUNS, floats, 2 * ROWS, blocks, scales, so);
  }

  /** centre·d·s − dmin·m. */
  @Override
  void unpackAddends(
      MemorySegment packed, long bytes, int blocks, float[] scales, int so, int addends) {
    float[] floats = Scratch.ofThread().halfFloats(blocks * 2 * ROWS);
    float centre = centre();
    for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
      for (int run = 0; run < blocks * RUNS; run++) {
        int at = run * ROWS + lane;
        FloatVector dmin = Interleaved.load(floats, (run / RUNS * 2 + 1) * ROWS + lane);
        FloatVector minimum = Stored.signedFloats(packed, bytes + (2 * run + 1) * ROWS + lane);
        FloatVector scale = Interleaved.load(scales, so + at);
        scale.mul(centre).sub(minimum.mul(dmin)).intoArray(scales, addends + at);
      }
    }
  }

  /**
   * Σ_block d·Σ_run scale·(s·sum + c) − dmin·Σ_run min·c/centre, where c = centre·s·Σq. Centres are
   * powers of two.
   */
  @Override
  void addProducts(
      MemorySegment packed,
      long bytes,
      int blocks,
      float[] halves,
      int ho,
      int[] sums,
      int from,
      int[] x,
      int xo,
      float[] y,
      int yo) {
    int factors = xo + codes.factorsAt(blocks * RUNS);
    int centres = xo + codes.sumsAt(blocks * RUNS);
    for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
      FloatVector total = Interleaved.load(y, yo + lane);
      for (int block = 0; block < blocks; block++) {
        FloatVector ofBlock = FloatVector.zero(Lanes.F32);
        FloatVector minima = ofBlock;
        for (int run = block * RUNS; run < (block + 1) * RUNS; run++) {
          long at = bytes + 2L * run * ROWS + lane;
          FloatVector c = Interleaved.floats(x, centres + run);
          IntVector sum = IntVector.fromArray(Lanes.I32, sums, from + run * ROWS + lane);
          FloatVector product = Stored.floats(sum).fma(Interleaved.floats(x, factors + run), c);
          ofBlock = product.fma(Stored.signedFloats(packed, at), ofBlock);
          minima = c.fma(Stored.signedFloats(packed, at + ROWS), minima);
        }
        int d = ho + block * 2 * ROWS + lane;
        total = ofBlock.fma(Interleaved.load(halves, d), total);
        FloatVector dmin = Interleaved.load(halves, d + ROWS).mul(-1f / centre());
        total = minima.fma(dmin, total);
      }
      total.intoArray(y, yo + lane);
    }
  }

  private int centre() {
    return fiveBits ? BYTES.centre() : NibbleRuns.CENTRE;
  }
}
