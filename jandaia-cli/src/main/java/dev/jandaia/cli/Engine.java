package dev.jandaia.cli;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.op.Compute;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** An open model and the threads to run it. */
record Engine(LoadedModel loaded, Workers workers, Compute compute) implements AutoCloseable {

  /**
   * Opens a model.
   *
   * @param err is told about stored tensors that the architecture has no use for
   */
  static Engine open(Path path, int threads, PrintWriter err) {
    Kernels kernels = Kernels.best();
    LoadedModel loaded = LoadedModel.open(path, kernels);
    List<String> unread = loaded.unread();
    if (!unread.isEmpty()) {
      err.printf(
          "jandaia: note: %s: %d stored tensors have no place in %s: %s%n",
          loaded.source().origin(), unread.size(), loaded.spec().family(), shortened(unread));
    }
    Workers workers = Workers.of(threads);
    return new Engine(loaded, workers, new Compute(kernels, workers));
  }

  private static String shortened(List<String> names) {
    int shown = Math.min(4, names.size());
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", ..." : "");
  }

  @Override
  public void close() {
    workers.close();
    loaded.close();
  }
}
