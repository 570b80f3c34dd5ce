package dev.jandaia.cli;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.op.Compute;
import dev.jandaia.tensor.JandaiaException;
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
  static Engine open(Path path, Kernels kernels, int threads, PrintWriter err) {
    LoadedModel loaded = LoadedModel.open(path, kernels);
    noteUnread(loaded, err);
    Workers workers = Workers.of(threads);
    return new Engine(loaded, workers, new Compute(kernels, workers));
  }

  /** Nothing is skipped silently. */
  static void noteUnread(LoadedModel loaded, PrintWriter err) {
    List<String> unread = loaded.unread();
    if (!unread.isEmpty()) {
      err.printf(
          "jandaia: note: %s: %d stored tensors have no place in %s: %s%n",
          loaded.source().origin(), unread.size(), loaded.spec().family(), shortened(unread));
    }
  }

  /**
   * Fails unless the model can take a sequence of so many tokens. Only learned positions run out;
   * others go on beyond the context a model was made for, at its own risk.
   */
  void requireRoom(int tokens) {
    int positions = loaded.spec().embedding().learnedPositions();
    if (positions > 0 && tokens > positions) {
      throw new JandaiaException(
          "%s: expected at most %d tokens, the learned positions, found %d"
              .formatted(loaded.source().origin(), positions, tokens));
    }
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
