package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Processor;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine code that multiplies weights of one encoding, packed in groups of sixteen rows: a
 * group is a sequence of blocks of {@link #columns} columns. All addresses are of native memory.
 */
abstract sealed class ProductKernels permits Avx2HalfKernels, HalfKernels, QuantisedKernels {
  /** More than half a step of a byte, relative to the largest activation. */
  private static final double ROUNDING = 0.01;

  private static final Map<DType, Optional<ProductKernels>> FASTEST = new EnumMap<>(DType.class);
  private static final Map<DType, Optional<ProductKernels>> EXACT = new EnumMap<>(DType.class);

  /** The kernels of an encoding, if it has some; assembled when they are first asked for. */
  static synchronized Optional<ProductKernels> of(DType dtype) {
    return FASTEST.computeIfAbsent(dtype, type -> trusted(type, fastest(type)));
  }

  /** As {@link #of}, if there are kernels that do not round activations. */
  static synchronized Optional<ProductKernels> exact(DType dtype) {
    return EXACT.computeIfAbsent(dtype, type -> trusted(type, halves(type)));
  }

  private static Optional<ProductKernels> fastest(DType dtype) {
    boolean pairs = dtype == DType.BF16 && InstructionRace.bfloatPairsWin();
    return pairs
        ? Optional.of(new HalfKernels(HalfFormat.BF16_PAIRS))
        : halves(dtype).or(() -> bytes(dtype));
  }

  private static Optional<ProductKernels> halves(DType dtype) {
    boolean wide = Processor.ask().vnni();
    return switch (dtype) {
      case F16 ->
          Optional.of(
              wide ? new HalfKernels(HalfFormat.F16) : new Avx2HalfKernels(Avx2HalfFormat.F16));
      case BF16 ->
          Optional.of(
              wide ? new HalfKernels(HalfFormat.BF16) : new Avx2HalfKernels(Avx2HalfFormat.BF16));
      default -> Optional.empty();
    };
  }

  private static Optional<ProductKernels> bytes(DType dtype) {
    return Processor.ask().vnni()
        ? PackedFormat.of(dtype).map(ByteKernels::new)
        : Avx2Format.of(dtype).map(Avx2Kernels::new);
  }

  /** Kernels that pass their test; the caller has others if they do not. */
  private static Optional<ProductKernels> trusted(DType dtype, Optional<ProductKernels> made) {
    if (made.isPresent() && !SelfTest.passes(dtype, made.get(), ROUNDING)) {
      System.getLogger("dev.jandaia")
          .log(System.Logger.Level.WARNING, "machine code for {0} fails its test here", dtype);
      return Optional.empty();
    }
    return made;
  }

  /** A matrix to be multiplied by these kernels. */
  final EmittedMatrix matrix(MemorySegment stored, int rows, int cols) {
    return new TieredMatrix(
        new StoredMatrix(this, stored, rows, cols), new PackedMatrix(this, stored, rows, cols));
  }

  /** Every form in which {@link #matrix} may multiply: what a test has to see. */
  final List<EmittedMatrix> forms(MemorySegment stored, int rows, int cols) {
    return List.of(
        new StoredMatrix(this, stored, rows, cols), new PackedMatrix(this, stored, rows, cols));
  }

  /** Columns of a block: a row is a whole number of them. */
  abstract int columns();

  /** How {@link #multiplyFew} wants rows of activations. */
  abstract ActivationForm form();

  /** How {@link #multiplyTiles} wants them. */
  ActivationForm tileForm() {
    return form();
  }

  /** Bytes of a packed block. */
  abstract int blockBytes();

  /** Packs sixteen rows; {@code starts} are sixteen ints, where each begins after the first. */
  abstract void pack(long packed, long stored, long starts, long blocks);

  /** The most rows of activations of {@link #multiplyFew}. */
  abstract int mostFewRows();

  /**
   * Up to this many rows of activations it costs less to unpack weights for every {@link
   * #mostFewRows} than to make panels of them.
   */
  abstract int worthRepeating();

  /** y = x·Wᵀ for few rows of x and {@code groups} groups of rows of W. */
  abstract void multiplyFew(
      int rows, long packed, long x, long y, long groups, long blocks, long yStride);

  /**
   * Code that multiplies one row of activations by rows of weights as they are stored, where that
   * is worth its own kernel ({@link StoredRowsKernel}).
   */
  Optional<NativeCode> storedRows() {
    return Optional.empty();
  }

  /** Unpacks the blocks of a panel. */
  abstract void unpack(long packed, long panel, int depth);

  /** Bytes of an unpacked panel, {@code depth} columns of sixteen rows. */
  abstract long panelBytes(int depth);

  /** The most rows of a tile of {@link #multiplyTiles}. */
  abstract int tileRows();

  /** The neighbouring panels of {@link #multiplyTiles}. */
  abstract int tilePanels();

  /** y = x·Wᵀ, or y += x·Wᵀ, for tiles of {@code rows} rows of x, past the same panels. */
  abstract void multiplyTiles(
      Onto onto,
      int rows,
      int tileCount,
      long panels,
      long x,
      long y,
      long xStride,
      int depth,
      long yStride);
}
