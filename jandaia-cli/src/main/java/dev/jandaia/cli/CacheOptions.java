package dev.jandaia.cli;

import dev.jandaia.cache.CacheType;
import dev.jandaia.kernel.Kernels;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How what a model remembers is stored. */
final class CacheOptions {
  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      description =
          "How keys and values are remembered: f32, f16, bf16, q8_0, or TurboQuant with tq4, tq3.5,"
              + " tq3, tq2.5, tq2, tq1.5, tq1 bits, keys with a residual: tq4-qjl, tq3-qjl, tq2-qjl"
              + " (f16; f32 where the kernels are exact).")
  private String type = "";

  CacheType type() {
    return asked().orElseGet(() -> CacheType.usual(Kernels.fastest()));
  }

  /** What the user wants instead of the usual. */
  Optional<CacheType> asked() {
    return type.isEmpty() ? Optional.empty() : Optional.of(CacheType.of(type));
  }
}
