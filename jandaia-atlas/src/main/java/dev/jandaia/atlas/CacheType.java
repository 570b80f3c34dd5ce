package dev.jandaia.atlas;

import java.util.List;

/**
 * How a cache stores the elements it keeps per token. States that do not grow are counted as f32,
 * whatever the type: they are overwritten with every token, and rounding would add up.
 *
 * @param name for people
 * @param bitsPerElement on average, scales of blocks included
 * @param bitsPerVector what is stored beside each key, value or latent vector: norms
 */
public record CacheType(String name, double bitsPerElement, int bitsPerVector) {
  /** Bytes of one element of a state that does not grow. */
  public static final int STATE_BYTES = 4;

  public static final CacheType F32 = new CacheType("f32", 32, 0);
  public static final CacheType BF16 = new CacheType("bf16", 16, 0);

  /** Blocks of 32 with a half-precision scale. */
  public static final CacheType Q8 = new CacheType("q8", 34 * 8 / 32.0, 0);

  /**
   * TurboQuant (2504.19874) at 3.5 bits: a quarter of the channels, the outliers, at 4 bits and the
   * others at 3, each part of a vector with its norm in f16.
   */
  public static final CacheType TURBO_3_5 = new CacheType("turbo 3.5", 3.25, 2 * 16);

  /** TurboQuant at 2.5 bits. */
  public static final CacheType TURBO_2_5 = new CacheType("turbo 2.5", 2.25, 2 * 16);

  public static final List<CacheType> ALL = List.of(F32, BF16, Q8, TURBO_3_5, TURBO_2_5);

  /** Bytes of {@code elements} that are stored as {@code vectors}. */
  public double bytes(long elements, long vectors) {
    return (elements * bitsPerElement + vectors * (double) bitsPerVector) / 8;
  }
}
