package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the keys, values and latents of a cache are stored. Recurrent states are f32 in every case:
 * each token overwrites them, and rounding would add up. The keys of an indexer, which a rounded
 * comparison would let choose otherwise, are stored as f16 at the least.
 */
public sealed interface CacheType {
  /** As computed. */
  CacheType F32 = Plain.F32;

  /**
   * What is usual with these kernels: f16 where they round activations anyway, as computed where
   * results are to be exact.
   */
  static CacheType usual(Kernels kernels) {
    return kernels.roundsActivations() ? Plain.F16 : Plain.F32;
  }

  /** Every type by the names that {@link #of(String)} knows. */
  static List<CacheType> all() {
    List<CacheType> all = new ArrayList<>(List.of(Plain.values()));
    for (int bits = 4; bits >= 1; bits--) {
      all.add(new Turbo(bits, false, false));
      if (bits < 4) {
        all.add(new Turbo(bits, true, false));
      }
      if (bits > 1) {
        all.add(new Turbo(bits, false, true));
      }
    }
    return List.copyOf(all);
  }

  /**
   * The type of that name.
   *
   * @throws JandaiaException if there is none
   */
  static CacheType of(String name) {
    for (CacheType type : all()) {
      if (type.label().equals(name.toLowerCase(Locale.ROOT))) {
        return type;
      }
    }
    throw new JandaiaException(
        "cache type: expected one of %s, found %s"
            .formatted(String.join(", ", all().stream().map(CacheType::label).toList()), name));
  }

  /** For rows that must stay nearly as they are: keys that choose, and sums over several stores. */
  static CacheType unrotated(CacheType type) {
    return type == Plain.F32 ? Plain.F32 : Plain.F16;
  }

  /** Its name. */
  String label();

  /** Bits per element of a key with {@code dim} elements, scales and norms included. */
  double bitsPerElement(int dim);

  /** One number after another. */
  enum Plain implements CacheType {
    F32(32),
    F16(16),
    BF16(16),
    /** Signed bytes, 32 of which share a half-precision scale. */
    Q8_0(8 + 16 / 32.0);

    private final double bits;

    Plain(double bits) {
      this.bits = bits;
    }

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public double bitsPerElement(int dim) {
      return bits;
    }
  }

  /**
   * TurboQuant (2504.19874): a vector is rotated at random, and each coordinate becomes the number
   * of a value in the best codebook for how coordinates of such vectors are distributed. The norm
   * is stored in half precision. Attention works on rotated queries and sums.
   *
   * @param bits per coordinate, 1 to 4
   * @param outliers whether a quarter of the channels, those that are largest in the first rows of
   *     a sequence, are quantised apart with one bit more
   * @param residual whether keys spend one of their bits on the sign of a second projection of what
   *     the codebook leaves over (QJL, 2406.03482), which makes inner products unbiased
   */
  record Turbo(int bits, boolean outliers, boolean residual) implements CacheType {
    public Turbo {
      int least = residual ? 2 : 1;
      int most = outliers ? 3 : 4;
      if (bits < least || bits > most || (outliers && residual)) {
        throw new IllegalArgumentException(
            "no such type: %d bits%s%s"
                .formatted(bits, outliers ? ", outliers" : "", residual ? ", residual" : ""));
      }
    }

    /** With outliers {@code bits + ½}: what 128 elements take, their two norms included. */
    @Override
    public String label() {
      return "tq" + bits + (outliers ? ".5" : "") + (residual ? "-qjl" : "");
    }

    @Override
    public double bitsPerElement(int dim) {
      double norms = 16.0 / dim;
      return outliers ? bits + 0.25 + 2 * norms : bits + (residual ? 2 : 1) * norms;
    }
  }
}
