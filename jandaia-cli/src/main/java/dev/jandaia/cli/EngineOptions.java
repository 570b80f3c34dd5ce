package dev.jandaia.cli;

import picocli.CommandLine.Option;

/** Where the arithmetic runs. */
final class EngineOptions {
  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; by default as many as there are processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  int threads() {
    return Require.atLeast("--threads", 1, threads);
  }
}
