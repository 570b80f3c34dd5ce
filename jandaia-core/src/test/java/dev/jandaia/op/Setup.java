package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Kernels and a number of threads that every operation must give the right numbers on. */
record Setup(String name, Kernels kernels, int threads) {

  /** Readable and fast kernels, alone and in company. */
  static Stream<Setup> all() {
    return Stream.of(
        new Setup("scalar × 1", Kernels.scalar(), 1),
        new Setup("scalar × 2", Kernels.scalar(), 2),
        new Setup("best × 1", Kernels.best(), 1),
        new Setup("best × 2", Kernels.best(), 2));
  }

  void run(Consumer<Compute> body) {
    try (Workers workers = Workers.of(threads)) {
      body.accept(new Compute(kernels, workers));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
