package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.util.Optional;

/** Quantised weights times activations rounded to bytes: what does not depend on registers. */
abstract sealed class QuantisedKernels extends ProductKernels permits Avx2Kernels, ByteKernels {
  private final int panelBytes;
  private final int blockBytes;

  private final int columns;
  private final NativeCode pack;
  private final NativeCode panel;
  private final Optional<NativeCode> storedRows;

  /**
   * @param panelBytes of an unpacked block
   */
  QuantisedKernels(
      int panelBytes,
      int columns,
      int blockBytes,
      NativeCode pack,
      NativeCode panel,
      Optional<NativeCode> storedRows) {
    this.panelBytes = panelBytes;
    this.columns = columns;
    this.blockBytes = blockBytes;
    this.pack = pack;
    this.panel = panel;
    this.storedRows = storedRows;
  }

  @Override
  final int columns() {
    return columns;
  }

  @Override
  final int blockBytes() {
    return blockBytes;
  }

  @Override
  final void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  @Override
  final Optional<NativeCode> storedRows() {
    return storedRows;
  }

  @Override
  final long panelBytes(int depth) {
    return (long) depth / columns * panelBytes;
  }

  @Override
  final void unpack(long packed, long panelAddress, int depth) {
    panel.call(packed, panelAddress, depth / columns, 0);
  }
}
