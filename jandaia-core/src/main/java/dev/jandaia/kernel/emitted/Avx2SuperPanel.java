package dev.jandaia.kernel.emitted;

/**
 * How a block of 256 columns and sixteen rows lies in a panel of {@link Avx2SuperTileKernel}: runs
 * of columns, each with its codes and then with its s, two equal shorts for a row; then d of all
 * rows, and for each 32 columns what is multiplied by sums of activations: dmin·m of the run, or
 * the s of both runs as shorts.
 */
record Avx2SuperPanel(RunShape shape) {
  /** Times 32 columns in a block. */
  static final int STEPS = 8;

  /** Bytes of a lane for each row. */
  private static final int ROWS_BYTES = 4 * PackedFormat.ROWS;

  /** Where the s of a run lie, counted from its codes. */
  int runScale() {
    return PackedFormat.ROWS * shape.columns();
  }

  int runBytes() {
    return runScale() + ROWS_BYTES;
  }

  /** Where d lies, counted from the end of the runs. */
  int blockScale() {
    return 0;
  }

  /** Where what is multiplied by the sums of some 32 columns lies, counted from there too. */
  int correction(int step) {
    return ROWS_BYTES * (1 + step);
  }

  /** Bytes after the runs. */
  int restBytes() {
    return correction(STEPS);
  }

  /** Bytes of all runs. */
  int runsBytes() {
    return STEPS * shape.runs() * runBytes();
  }

  int bytes() {
    return runsBytes() + restBytes();
  }
}
