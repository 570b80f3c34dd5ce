package dev.jandaia.checkpoint;

import java.util.Optional;

/** The types of GGUF metadata values. */
public enum GgufType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int id;
  private final int leastBytes;

  GgufType(int id, int leastBytes) {
    this.id = id;
    this.leastBytes = leastBytes;
  }

  /** What stands for the type in a file. */
  int id() {
    return id;
  }

  /** The fewest bytes that one value takes: exact for numbers, the empty value for the others. */
  int leastBytes() {
    return leastBytes;
  }

  boolean isUnsigned() {
    return name().startsWith("UINT");
  }

  static Optional<GgufType> of(int id) {
    return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
  }
}
