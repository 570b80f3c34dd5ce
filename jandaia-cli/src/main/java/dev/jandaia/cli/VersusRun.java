package dev.jandaia.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Our tests and those of peers, interleaved: a machine that others use too drifts, but in one round
 * it drifts for all alike. Each round reads memory plainly, then runs every test on every side, who
 * goes first changing from round to round. Our side stays open between, its threads asleep.
 */
final class VersusRun {
  private final Path model;
  private final List<Peer> peers;
  private final int rounds;
  private final Consumer<String> progress;
  private final List<Double> plainReads = new ArrayList<>();
  private final List<Double> elsewhere = new ArrayList<>();

  VersusRun(Path model, List<Peer> peers, int rounds, Consumer<String> progress) {
    this.model = model;
    this.peers = peers;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** One side of a comparison: runs a test once and notes its rate. */
  private interface Side {
    void run(VersusResult result, double plainRead);
  }

  /** Runs all rounds; the tests have been warmed up. */
  List<VersusResult> measure(Engine engine, BenchRun bench, int threads, List<BenchTest> tests) {
    List<VersusResult> results =
        tests.stream().map(test -> VersusResult.empty(test, threads)).toList();
    noteMissing(tests, threads);
    Roofline roofline = Roofline.of(engine.loaded());
    List<Side> sides = new ArrayList<>();
    sides.add((result, plainRead) -> ours(bench, roofline, result, plainRead));
    peers.forEach(peer -> sides.add((result, _) -> theirs(peer, result)));
    PlainRead memory = new PlainRead();
    for (int round = 0; round < rounds; round++) {
      double plainRead = memory.bytesPerSecond(engine.workers());
      plainReads.add(plainRead);
      say("round %d of %d: plain read %.1f GB/s", round + 1, rounds, plainRead / 1e9);
      for (VersusResult result : results) {
        sides.forEach(side -> side.run(result, plainRead));
      }
      Collections.rotate(sides, 1);
    }
    return results;
  }

  private void ours(BenchRun bench, Roofline roofline, VersusResult result, double plainRead) {
    BenchTest test = result.test();
    // We have waited while the peers ran, and theirs warms up in each round too.
    bench.nanos(test.warmUp());
    CpuElsewhere others = new CpuElsewhere();
    double rate = test.tokens() * 1e9 / bench.nanos(test);
    others.processors().ifPresent(elsewhere::add);
    result.ours().add(rate);
    if (test.prompt() == 0) {
      result.weightsOfPlainRead().add(roofline.weightBytesPerSecond(test, rate) / plainRead);
    }
    say("  %s, %d threads, jandaia: %.2f", test.label(), result.threads(), rate);
  }

  private void theirs(Peer peer, VersusResult result) {
    BenchTest test = result.test();
    Optional<List<String>> command = peer.command(test, result.threads(), model);
    if (command.isPresent()) {
      double rate = peer.run(command.get(), test);
      result.addTheirs(peer.label(), rate);
      say("  %s, %d threads, %s: %.2f", test.label(), result.threads(), peer.label(), rate);
    }
  }

  private void noteMissing(List<BenchTest> tests, int threads) {
    for (Peer peer : peers) {
      for (BenchTest test : tests) {
        if (peer.command(test, threads, model).isEmpty()) {
          String kind = Peer.Kind.of(test).name().toLowerCase(Locale.ROOT);
          say(
              "jandaia: note: %s has no command for %s (--versus '%1$s:%s=...' gives one)",
              peer.label(), test.label(), kind);
        }
      }
    }
  }

  private void say(String format, Object... values) {
    progress.accept(String.format(Locale.ROOT, format, values));
  }

  /** What a plain read reached in each round, bytes per second. */
  List<Double> plainReads() {
    return plainReads;
  }

  /** Processors that other programs used during each of our tests, where the system tells. */
  List<Double> elsewhere() {
    return elsewhere;
  }
}
