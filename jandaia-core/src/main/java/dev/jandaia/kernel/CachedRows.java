package dev.jandaia.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Rows of numbers as caches keep them, {@code [rows, dim]}: kernels multiply them as they are,
 * without an array of floats in between. Memory is filled up to whole tiles of {@value #TILE} rows,
 * which kernels may read.
 */
public sealed interface CachedRows {
  /** Rows that a kernel may read together. */
  int TILE = 16;

  /** Elements of a row. */
  int dim();

  /** One element, for reading and as the oracle. */
  float get(int row, int column);

  /** A copy. */
  CachedRows copy();

  /** Bytes of memory held. */
  long bytes();

  private static int elements(int rows, int dim) {
    return Math.multiplyExact(Math.ceilDiv(rows, TILE) * TILE, dim);
  }

  /** Numbers of sixteen bits. */
  sealed interface Shorts extends CachedRows {
    /** All numbers, row after row. */
    short[] data();

    @Override
    Shorts copy();

    @Override
    default long bytes() {
      return 2L * data().length;
    }
  }

  /**
   * Half-precision numbers, all of them finite.
   *
   * @param memory {@code data} for machine code
   */
  record Halves(int dim, short[] data, MemorySegment memory) implements Shorts {
    /** Zeros. */
    public Halves(int rows, int dim) {
      this(dim, new short[elements(rows, dim)]);
    }

    private Halves(int dim, short[] data) {
      this(dim, data, MemorySegment.ofArray(data));
    }

    @Override
    public float get(int row, int column) {
      return Float.float16ToFloat(data[row * dim + column]);
    }

    @Override
    public Halves copy() {
      return new Halves(dim, data.clone());
    }
  }

  /**
   * bfloat16 numbers.
   *
   * @param memory {@code data} for machine code
   */
  record Brains(int dim, short[] data, MemorySegment memory) implements Shorts {
    /** Zeros. */
    public Brains(int rows, int dim) {
      this(dim, new short[elements(rows, dim)]);
    }

    private Brains(int dim, short[] data) {
      this(dim, data, MemorySegment.ofArray(data));
    }

    @Override
    public float get(int row, int column) {
      return Float.intBitsToFloat(data[row * dim + column] << 16);
    }

    @Override
    public Brains copy() {
      return new Brains(dim, data.clone());
    }
  }

  /**
   * Signed bytes, {@value #GROUP} of which share a scale in half precision; the last group of a row
   * may be shorter.
   *
   * @param scales {@code [rows, groups]}
   * @param memory {@code codes} for machine code
   * @param scaleMemory {@code scales} for machine code
   */
  record Bytes(
      int dim, byte[] codes, short[] scales, MemorySegment memory, MemorySegment scaleMemory)
      implements CachedRows {
    /** Elements that share a scale. */
    public static final int GROUP = 32;

    /** Zeros. */
    public Bytes(int rows, int dim) {
      this(dim, new byte[elements(rows, dim)], new short[elements(rows, groups(dim))]);
    }

    private Bytes(int dim, byte[] codes, short[] scales) {
      this(dim, codes, scales, MemorySegment.ofArray(codes), MemorySegment.ofArray(scales));
    }

    /** Groups of a row of {@code dim} elements. */
    public static int groups(int dim) {
      return Math.ceilDiv(dim, GROUP);
    }

    /** Groups of a row. */
    public int groups() {
      return groups(dim);
    }

    @Override
    public float get(int row, int column) {
      float scale = Float.float16ToFloat(scales[row * groups() + column / GROUP]);
      return scale * codes[row * dim + column];
    }

    @Override
    public Bytes copy() {
      return new Bytes(dim, codes.clone(), scales.clone());
    }

    @Override
    public long bytes() {
      return codes.length + 2L * scales.length;
    }
  }

  /**
   * Numbers of entries of a table.
   *
   * @param table 16 floats, of which codes of b bits use the first 2ᵇ; not changed
   */
  record Codes(PackedCodes packed, float[] table) implements CachedRows {
    /** Codes 0. */
    public Codes(int rows, int dim, int bits, float[] table) {
      this(new PackedCodes(Math.ceilDiv(rows, TILE) * TILE, dim, bits), table);
    }

    @Override
    public int dim() {
      return packed.dim();
    }

    @Override
    public float get(int row, int column) {
      return table[packed.get(row, column)];
    }

    @Override
    public Codes copy() {
      return new Codes(new PackedCodes(packed), table);
    }

    @Override
    public long bytes() {
      return packed.bytes();
    }
  }
}
