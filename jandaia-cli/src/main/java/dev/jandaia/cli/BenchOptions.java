package dev.jandaia.cli;

import dev.jandaia.cache.CacheType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to measure: the options of llama-bench, under its names where it has them. */
final class BenchOptions {
  @Option(
      names = {"-p", "--n-prompt"},
      split = ",",
      paramLabel = "N",
      description = "Prompt tokens (512); several: 128,512; 0 skips the test.")
  private int[] prompts = {512};

  @Option(
      names = {"-n", "--n-gen"},
      split = ",",
      paramLabel = "N",
      description = "Tokens to generate (128); several as above.")
  private int[] generations = {128};

  @Option(
      names = "-pg",
      paramLabel = "P,N",
      description = "Also read a prompt and generate, timed together; may be repeated.")
  private List<String> pairs = List.of();

  @Option(
      names = {"-d", "--n-depth"},
      split = ",",
      paramLabel = "N",
      description = "Tokens that are in the context already (0); several as above.")
  private int[] depths = {0};

  @Option(
      names = "--random-depth",
      description =
          "Fill the caches of the -d tokens with random numbers instead of reading random tokens:"
              + " the same work for attention, in an instant instead of minutes.")
  private boolean randomDepth;

  @Option(
      names = {"-s", "--sequences"},
      split = ",",
      paramLabel = "N",
      description = {
        "Sequences to generate together (1), counted together; several as above.",
        "Prompts are read one by one, so those tests are made for one sequence."
      })
  private int[] sequences = {1};

  @Option(
      names = {"-t", "--threads"},
      split = ",",
      paramLabel = "N",
      description = "Threads (as many as there are processors); several as above.")
  private int[] threads = {Runtime.getRuntime().availableProcessors()};

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Prompt tokens that are read at once (512).")
  private int batchSize = 512;

  @Mixin private CacheOptions cacheOptions = new CacheOptions();

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "How often each test is measured (5).")
  private int repetitions = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = {
        "How long each test is repeated before it is measured (5), at least once: by then the",
        "just-in-time compiler is done, and weights lie as long use wants them."
      })
  private int warmUpSeconds = 5;

  int[] threads() {
    for (int count : threads) {
      Require.atLeast("-t", 1, count);
    }
    return threads;
  }

  /** Whether what came before is made up instead of read. */
  boolean randomDepth() {
    return randomDepth;
  }

  CacheType cacheType() {
    return cacheOptions.type();
  }

  int batchSize() {
    return Require.atLeast("-b", 1, batchSize);
  }

  int repetitions() {
    return Require.atLeast("-r", 1, repetitions);
  }

  /** Nanoseconds that a test is repeated for before it counts. */
  long warmUpNanos() {
    return TimeUnit.SECONDS.toNanos(Require.atLeast("--warm-up", 0, warmUpSeconds));
  }

  /** Every test, in the order in which they are made. */
  List<BenchTest> tests() {
    List<BenchTest> tests = new ArrayList<>();
    for (int depth : depths) {
      Require.atLeast("-d", 0, depth);
      for (int prompt : prompts) {
        tests.add(new BenchTest(depth, Require.atLeast("-p", 0, prompt), 0, 1));
      }
      for (int together : sequences) {
        Require.atLeast("-s", 1, together);
        for (int generated : generations) {
          tests.add(new BenchTest(depth, 0, Require.atLeast("-n", 0, generated), together));
        }
        pairs.forEach(pair -> tests.add(pair(depth, pair, together)));
      }
    }
    tests.removeIf(test -> test.tokens() == 0);
    if (tests.isEmpty()) {
      throw new UsageException("-p and -n: expected something to measure, found only zeros");
    }
    return tests;
  }

  private static BenchTest pair(int depth, String pair, int sequences) {
    String[] parts = pair.split(",", -1);
    try {
      if (parts.length == 2) {
        int prompt = Require.atLeast("-pg", 1, Integer.parseInt(parts[0]));
        return new BenchTest(
            depth, prompt, Require.atLeast("-pg", 1, Integer.parseInt(parts[1])), sequences);
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new UsageException("-pg: expected P,N (for instance 512,128), found " + pair);
  }
}
