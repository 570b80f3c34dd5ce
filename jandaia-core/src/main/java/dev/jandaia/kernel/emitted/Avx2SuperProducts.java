package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2FewRowsKernel.activation;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/**
 * Products of blocks whose runs are scaled by integers: they are multiplied into the sums while
 * these are widened to 32 bits, and floats are made once in 256 columns.
 *
 * <p>Σ (d·s·(c − o) − dmin·m)·x = d·(Σ s·c·x − o·Σ s·x) − dmin·Σ m·x
 */
final class Avx2SuperProducts implements Avx2BlockProducts, Avx2Format.Codes {
  private static final Ymm ACTIVATION = new Ymm(8);

  /** s of a run, twice in each lane. */
  private static final Ymm SCALES = Avx2Format.MINIMA;

  private static final Ymm TEMPORARY = Avx2Format.TEMPORARY;

  /** Registers of a kind. */
  private static final int MOST_CELLS = 2;

  /** A byte of a shuffle that makes a zero. */
  private static final int ZERO = 0x80;

  private static final int HALF = Avx2Format.HALF;
  private static final int LANES = Avx2SuperFormat.RUNS_IN_LANE;

  private final Avx2Assembler a;
  private final Avx2SuperFormat format;
  private final int rows;
  private final boolean offset;

  private Gpr packed = Gpr.RDI;
  private int half;
  private int column;

  /** Registers of products that {@link #shorts} has so far. */
  private int added;

  Avx2SuperProducts(Avx2Assembler a, Avx2SuperFormat format, int rows) {
    this.a = a;
    this.format = format;
    this.rows = rows;
    offset = format.shape.offset() == RunShape.Offset.THIRTY_TWO;
  }

  /** Pairs of products, 16 bits each. */
  private static Ymm shorts(int row) {
    return new Ymm(4 + row);
  }

  /** Σ s·c·x of the block. */
  private static Ymm inBlock(int cell) {
    return new Ymm(6 + cell);
  }

  /** Σ s·x or Σ m·x of the block. */
  private static Ymm correction(int cell) {
    return new Ymm(9 + cell);
  }

  // Shuffles: one byte of each lane for each of four runs, then two bytes for each pair of runs.

  private static Mem oneByte(int run) {
    return Mem.at(Gpr.RSP, HALF * (run % LANES));
  }

  private static Mem twoBytes(int run) {
    return Mem.at(Gpr.RSP, HALF * (LANES + run % LANES / 2));
  }

  @Override
  public int stackBytes() {
    return HALF * (LANES + LANES / 2);
  }

  @Override
  public void constants() {
    for (int run = 0; run < LANES; run++) {
      shuffle(oneByte(run), run, run);
    }
    for (int run = 0; run < LANES; run += 2) {
      shuffle(twoBytes(run), run, run + 1);
    }
    format.constants(a);
  }

  /** Writes what makes two shorts of two bytes of each lane. */
  private void shuffle(Mem at, int low, int high) {
    for (int lane = 0; lane < 4; lane++) {
      int first = 4 * lane + low;
      int second = 4 * lane + high;
      // Signed bytes begin as the upper halves of shorts.
      int bytes =
          format.signedScales()
              ? ZERO | first << 8 | ZERO << 16 | second << 24
              : first | ZERO << 8 | second << 16 | ZERO << 24;
      a.mov32(Gpr.RAX, bytes);
      a.mov32(Mem.at(Gpr.RSP, at.displacement() + 4 * lane), Gpr.RAX);
    }
    a.vbroadcasti128(TEMPORARY, at);
    a.vmovdqu(at, TEMPORARY);
  }

  /** Shorts of bytes. */
  private void widen(Ymm to, Mem bytes, Mem shuffle) {
    a.vmovdqu(to, bytes);
    a.vpshufb(to, to, shuffle);
    if (format.signedScales()) {
      a.vpsraw(to, to, 8);
    }
  }

  @Override
  public void add(Gpr block, Sums sums) {
    packed = block;
    if (rows == 1) {
      // Both halves of a run together, because they share lines of memory.
      add(sums, 0, 1);
    } else {
      add(sums, 0);
      add(sums, 1);
    }
  }

  private void add(Sums sums, int... halves) {
    for (int cell = 0; cell < MOST_CELLS; cell++) {
      a.vpxor(inBlock(cell), inBlock(cell), inBlock(cell));
      a.vpxor(correction(cell), correction(cell), correction(cell));
    }
    for (int run = 0; run < format.runs(); run++) {
      for (int which : halves) {
        half = which;
        begin(format.shape.columns() * run);
        widen(SCALES, format.scales(packed, half, run), oneByte(run));
        format.codes(a, packed, half, run, this);
        correct(run);
      }
    }
    for (int which : halves) {
      half = which;
      for (int row = 0; row < rows; row++) {
        end(row, sums.of(row, half));
      }
    }
  }

  /** One of two registers of a kind: of two rows, or of the two halves of one. */
  private int cell(int row) {
    return rows == 1 ? half : row;
  }

  private void begin(int first) {
    column = first;
    int run = first / format.shape.columns();
    int part = rows == 1 ? 2 * run + half : half * format.runs() + run;
    Ahead.prefetch(a, packed, format.bytes, part, 2 * format.runs());
  }

  @Override
  public void codes(int k, Ymm codes) {
    for (int row = 0; row < rows; row++) {
      int at = Activations.at(column + 4 * k);
      a.vpbroadcastd(ACTIVATION, activation(row, at));
      Ymm shorts = shorts(row);
      if (added == 0) {
        a.vpmaddubsw(shorts, codes, ACTIVATION);
      } else {
        a.vpmaddubsw(ACTIVATION, codes, ACTIVATION);
        a.vpaddw(shorts, shorts, ACTIVATION);
      }
      if (added + 1 == format.codes.together()) {
        a.vpmaddwd(shorts, shorts, SCALES);
        a.vpaddd(inBlock(cell(row)), inBlock(cell(row)), shorts);
      }
    }
    added = (added + 1) % format.codes.together();
  }

  /** Adds what belongs to the sums of activations of a run of 32 columns, or of two of 16. */
  private void correct(int run) {
    Optional<Mem> minima = format.minima(packed, half, run);
    if (minima.isPresent()) {
      widen(TEMPORARY, minima.get(), oneByte(run));
    } else if (run % 2 == 1) {
      widen(TEMPORARY, format.scales(packed, half, run), twoBytes(run));
    } else {
      return;
    }
    for (int row = 0; row < rows; row++) {
      int sums = Activations.at(column, Field.SHORT_SUMS);
      a.vpbroadcastd(ACTIVATION, activation(row, sums));
      a.vpmaddwd(ACTIVATION, ACTIVATION, TEMPORARY);
      a.vpaddd(correction(cell(row)), correction(cell(row)), ACTIVATION);
    }
  }

  private void end(int row, Ymm sum) {
    Ymm products = inBlock(cell(row));
    Ymm corrections = correction(cell(row));
    if (offset) {
      a.vpslld(corrections, corrections, 5);
      a.vpsubd(products, products, corrections);
    }
    addScaled(row, products, format.blockScales(packed, half));
    a.vfmadd231ps(sum, products, ACTIVATION);
    if (!offset) {
      addScaled(row, corrections, format.blockMinima(packed, half));
      a.vfnmadd231ps(sum, corrections, ACTIVATION);
    }
  }

  /** Makes floats of integers, and {@link #ACTIVATION} what scales them. */
  private void addScaled(int row, Ymm integers, Mem scales) {
    a.vcvtdq2ps(integers, integers);
    a.vcvtph2ps(TEMPORARY, scales);
    a.vbroadcastss(ACTIVATION, activation(row, Activations.at(0, Field.SCALE)));
    a.vmulps(ACTIVATION, ACTIVATION, TEMPORARY);
  }
}
