package dev.jandaia.checkpoint;

import java.util.Optional;

/** The types of GGUF metadata values; the ordinal is the id in the file. */
public enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private final int leastBytes;

  GgufType(int leastBytes) {
    this.leastBytes = leastBytes;
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
