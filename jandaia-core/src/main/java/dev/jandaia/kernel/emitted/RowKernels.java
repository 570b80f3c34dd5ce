package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorLength;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Machine code for the two halves of attention over cached rows of one encoding and size. Rows,
 * queries and results may lie on the heap. Made when first called for, then kept.
 */
public final class RowKernels {
  /** Rows of a call, and the stride of scores and weights: bounds how long the VM must wait. */
  public static final int MOST = 64;

  /** Queries of a call: one, two or four. */
  public static final int MOST_QUERIES = 4;

  private final VectorLength length;
  private final RowFormat format;
  private final float[] table;
  private final boolean trusted;
  private final NativeCode[] scores = new NativeCode[MOST_QUERIES + 1];
  private final NativeCode[][] sums;
  private final LazyCode unpack;

  /**
   * @param length of registers, one that this processor has
   * @param dim elements of a row; none are trusted unless it is a multiple of 16
   * @param table what codes stand for
   */
  public RowKernels(VectorLength length, RowEncoding encoding, int dim, float[] table) {
    this.length = length;
    this.format = new RowFormat(encoding, dim, table);
    this.table = table;
    this.sums = new NativeCode[dim / RowFormat.STEP + 1][MOST_QUERIES + 1];
    this.unpack = new LazyCode(1, _ -> UnpackKernel.of(length.assembler(), format));
    this.trusted = serves(dim) && RowSelfTest.passes(encoding, dim, table, this);
    if (serves(dim) && !trusted) {
      System.getLogger("dev.jandaia")
          .log(
              System.Logger.Level.WARNING,
              "machine code for cached rows of {0} elements as {1} fails its test here",
              dim,
              encoding);
    }
  }

  /** Whether they have passed their test; the caller has others if not. */
  public boolean areTrusted() {
    return trusted;
  }

  /** Whether rows of this kind can be read at all. */
  public static boolean serves(int dim) {
    return dim > 0 && dim % RowFormat.STEP == 0;
  }

  /** Whether these are the kernels for such rows. */
  public boolean serves(RowEncoding encoding, int dim, float[] codeTable) {
    return format.encoding == encoding && format.dim == dim && Arrays.equals(table, codeTable);
  }

  /** Bytes from one row to the next. */
  public int rowBytes() {
    return format.rowBytes();
  }

  /** Bytes from one row to the next of what is stored apart: float scales, or upper bits. */
  public int otherBytes() {
    return format.otherBytes();
  }

  /** Bytes from one row to the next of what is stored apart, as it is stored: scales are halves. */
  public int storedOtherBytes() {
    return format.storedOtherBytes();
  }

  /** Rows of a tile of {@link #scores}, a divisor of {@link #MOST}. */
  public int tileRows(int count) {
    return ScoresKernel.keys(length, count);
  }

  /**
   * scores[q, i] = query q · row i, for {@code tiles} tiles of {@link #tileRows} rows.
   *
   * @param queries {@code [count, dim]}
   * @param out {@code [count, }{@link #MOST}{@code ]}
   */
  public void scores(
      int count, RowPlace place, MemorySegment queries, MemorySegment out, int tiles) {
    NativeCode code = scores[count];
    if (code == null) {
      code = scores[count] = ScoresKernel.of(length.assembler(), format, count);
    }
    place.call(code, queries, out, tiles);
  }

  /**
   * out[i, c] = row i[c], for {@code rows} > 0 rows.
   *
   * @param out {@code [rows, dim]}
   */
  public void unpack(RowPlace place, MemorySegment out, int rows) {
    place.call(unpack.forRows(1), MemorySegment.NULL, out, rows);
  }

  /**
   * out[q, c] = Σ_i weights[q, i]·row i[c], for {@code rows} > 0 rows and the first {@code columns}
   * columns.
   *
   * @param weights {@code [count, }{@link #MOST}{@code ]}
   * @param out {@code [count, columns]}
   */
  public void sums(
      int count, RowPlace place, MemorySegment weights, MemorySegment out, int columns, int rows) {
    NativeCode[] ofColumns = sums[columns / RowFormat.STEP];
    NativeCode code = ofColumns[count];
    if (code == null) {
      code = ofColumns[count] = SumsKernel.of(length.assembler(), format, columns, count);
    }
    place.call(code, weights, out, rows);
  }
}
