package dev.jandaia.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A matrix of small unsigned integers of 1 to 4 bits, packed so that sixteen neighbours of a row
 * are unpacked by one shift of a vector. Three bits are stored as two and one.
 *
 * <p>Sixteen columns take a long for four bits, an int for two, a short for one. Within the int and
 * the short columns follow one another; in the long, even columns lie in the low half and odd ones
 * in the high half, because a vector that repeats the long has its halves in turn.
 */
public final class PackedCodes {
  /** Columns that are packed together. */
  static final int STEP = 16;

  private final int rows;
  private final int dim;
  private final int bits;
  private final int steps;
  private final long[] fours;
  private final int[] twos;
  private final short[] ones;

  /** What sixteen columns take, and the upper ones of three bits, for machine code. */
  private final MemorySegment memory;

  private final MemorySegment upperMemory;

  /**
   * All zeros.
   *
   * @param dim columns
   * @param bits 1 to 4
   */
  public PackedCodes(int rows, int dim, int bits) {
    if (bits < 1 || bits > 4) {
      throw new IllegalArgumentException("bits: expected 1..4, found " + bits);
    }
    this.rows = rows;
    this.dim = dim;
    this.bits = bits;
    this.steps = Math.ceilDiv(dim, STEP);
    int size = Math.multiplyExact(rows, steps);
    fours = new long[bits == 4 ? size : 0];
    twos = new int[bits == 2 || bits == 3 ? size : 0];
    ones = new short[(bits & 1) == 1 ? size : 0];
    upperMemory = bits == 3 ? MemorySegment.ofArray(ones) : MemorySegment.NULL;
    memory =
        switch (bits) {
          case 4 -> MemorySegment.ofArray(fours);
          case 1 -> MemorySegment.ofArray(ones);
          default -> MemorySegment.ofArray(twos);
        };
  }

  /** A copy. */
  public PackedCodes(PackedCodes other) {
    this(other.rows, other.dim, other.bits);
    System.arraycopy(other.fours, 0, fours, 0, fours.length);
    System.arraycopy(other.twos, 0, twos, 0, twos.length);
    System.arraycopy(other.ones, 0, ones, 0, ones.length);
  }

  /** Columns. */
  public int dim() {
    return dim;
  }

  /** Bits of a code. */
  public int bits() {
    return bits;
  }

  /** Steps of sixteen columns per row. */
  public int steps() {
    return steps;
  }

  /** The memory of four bits: see above. */
  public long[] fours() {
    return fours;
  }

  /** The memory of two bits. */
  public int[] twos() {
    return twos;
  }

  /** The memory of one bit. */
  public short[] ones() {
    return ones;
  }

  /** The memory of codes, or of the lower two bits of three. */
  MemorySegment memory() {
    return memory;
  }

  /** The memory of the uppermost of three bits. */
  MemorySegment upperMemory() {
    return upperMemory;
  }

  /** Replaces a row by the codes in {@code source}. */
  public void set(int row, byte[] source) {
    for (int step = 0; step < steps; step++) {
      int at = row * steps + step;
      int first = step * STEP;
      int end = Math.min(STEP, dim - first);
      long four = 0;
      int two = 0;
      int one = 0;
      for (int i = 0; i < end; i++) {
        int code = source[first + i];
        four |= (long) code << fourShift(i);
        two |= (code & 3) << 2 * i;
        one |= (code >> bits - 1 & 1) << i;
      }
      if (bits == 4) {
        fours[at] = four;
      }
      if (twos.length > 0) {
        twos[at] = two;
      }
      if (ones.length > 0) {
        ones[at] = (short) one;
      }
    }
  }

  /** One code. */
  public int get(int row, int column) {
    int at = row * steps + column / STEP;
    int i = column % STEP;
    return switch (bits) {
      case 4 -> (int) (fours[at] >>> fourShift(i)) & 15;
      case 3 -> twos[at] >>> 2 * i & 3 | (ones[at] >>> i & 1) << 2;
      case 2 -> twos[at] >>> 2 * i & 3;
      default -> ones[at] >>> i & 1;
    };
  }

  private static int fourShift(int i) {
    return 32 * (i & 1) + 4 * (i >> 1);
  }

  /** Bytes of the packed codes. */
  public long bytes() {
    return 8L * fours.length + 4L * twos.length + 2L * ones.length;
  }
}
