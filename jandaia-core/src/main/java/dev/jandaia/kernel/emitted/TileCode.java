package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.util.EnumMap;
import java.util.Map;

/** The tile kernels of one kind of panel, each assembled when it is first called for. */
final class TileCode {
  /** Writes the kernel of tiles with so many rows of activations. */
  interface Generator {
    NativeCode of(int rows, Onto onto);
  }

  private final Map<Onto, LazyCode> code = new EnumMap<>(Onto.class);

  /**
   * @param most rows of a tile
   */
  TileCode(int most, Generator generator) {
    for (Onto onto : Onto.values()) {
      code.put(onto, new LazyCode(most, rows -> generator.of(rows, onto)));
    }
  }

  NativeCode of(int rows, Onto onto) {
    return code.get(onto).forRows(rows);
  }
}
