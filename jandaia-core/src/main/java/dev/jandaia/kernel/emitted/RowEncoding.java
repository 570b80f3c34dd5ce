package dev.jandaia.kernel.emitted;

/** How the elements of a cached row are stored. */
public enum RowEncoding {
  F16,
  BF16,
  /** Signed bytes; 32 share a scale, which kernels get as a float. */
  Q8_0,
  /** Sixteen bits of sixteen columns. */
  CODES_1,
  /** 32 bits of sixteen columns. */
  CODES_2,
  /** The lower two bits as {@link #CODES_2}, the upper one, apart, as {@link #CODES_1}. */
  CODES_3,
  /** 64 bits of sixteen columns: the even ones in the lower half. */
  CODES_4
}
