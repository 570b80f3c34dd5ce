package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2FewRowsKernel.activation;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/** Products of blocks of one run of columns, whose scales are floats. */
final class Avx2RunProducts implements Avx2BlockProducts {
  private static final Ymm ACTIVATION = new Ymm(8);
  private static final Ymm MAGNITUDES = new Ymm(9);
  private static final Ymm ONES = new Ymm(10);

  private final Avx2Assembler a;
  private final Avx2RunFormat format;
  private final int rows;

  Avx2RunProducts(Avx2Assembler a, Avx2RunFormat format, int rows) {
    this.a = a;
    this.format = format;
    this.rows = rows;
  }

  @Override
  public int stackBytes() {
    return 0;
  }

  @Override
  public void constants() {
    format.constants(a);
    a.constant(ONES, 0x00010001);
  }

  @Override
  public void add(Gpr packed, Sums sums) {
    for (int half = 0; half < 2; half++) {
      format.unpack(a, packed, half, new Products(packed, half, sums));
    }
  }

  /** Multiplies what is unpacked with every row of activations. */
  private final class Products implements Avx2RunFormat.Receiver {
    private final Gpr packed;
    private final int half;
    private final Sums sums;

    /** Registers of products that {@link #shorts} has so far. */
    private int added;

    Products(Gpr packed, int half, Sums sums) {
      this.packed = packed;
      this.half = half;
      this.sums = sums;
    }

    /** Pairs of products, 16 bits each. */
    private static Ymm shorts(int row) {
      return new Ymm(4 + row);
    }

    /** Products of a run. */
    private static Ymm inRun(int row) {
      return new Ymm(6 + row);
    }

    @Override
    public void begin() {
      Ahead.prefetchNear(a, packed, format.bytes, half, 2);
      Optional<Field> correction = format.shape.correction(0);
      for (int row = 0; row < rows; row++) {
        if (correction.isPresent()) {
          a.vpbroadcastd(inRun(row), activation(row, correction.get().at()));
        } else {
          a.vpxor(inRun(row), inRun(row), inRun(row));
        }
      }
    }

    @Override
    public void codes(int k, Ymm codes) {
      boolean signed = format.codes == Avx2Codes.SIGNED;
      if (signed) {
        a.vpabsb(MAGNITUDES, codes);
      }
      for (int row = 0; row < rows; row++) {
        a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(4 * k)));
        if (signed) {
          a.vpsignb(ACTIVATION, ACTIVATION, codes);
        }
        add(row, signed ? MAGNITUDES : codes);
      }
      added = (added + 1) % format.codes.together();
    }

    /** The products of {@code unsigned} bytes and {@link #ACTIVATION}. */
    private void add(int row, Ymm unsigned) {
      Ymm shorts = shorts(row);
      if (added == 0) {
        a.vpmaddubsw(shorts, unsigned, ACTIVATION);
      } else {
        a.vpmaddubsw(ACTIVATION, unsigned, ACTIVATION);
        a.vpaddw(shorts, shorts, ACTIVATION);
      }
      if (added + 1 == format.codes.together()) {
        a.vpmaddwd(shorts, shorts, ONES);
        a.vpaddd(inRun(row), inRun(row), shorts);
      }
    }

    @Override
    public void end(Ymm scales) {
      for (int row = 0; row < rows; row++) {
        a.vcvtdq2ps(inRun(row), inRun(row));
        a.vbroadcastss(ACTIVATION, activation(row, Field.SCALE.at()));
        a.vmulps(ACTIVATION, ACTIVATION, scales);
        a.vfmadd231ps(sums.of(row, half), inRun(row), ACTIVATION);
      }
    }
  }
}
