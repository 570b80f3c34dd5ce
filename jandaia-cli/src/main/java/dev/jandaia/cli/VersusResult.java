package dev.jandaia.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One test on our side and on that of every peer, once per round. Peers that have no command for it
 * have no rates.
 */
record VersusResult(
    BenchTest test,
    int threads,
    List<Double> ours,
    Map<String, List<Double>> theirs,
    List<Double> weightsOfPlainRead) {

  static VersusResult empty(BenchTest test, int threads) {
    return new VersusResult(
        test, threads, new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
  }

  void addTheirs(String label, double rate) {
    theirs.computeIfAbsent(label, _ -> new ArrayList<>()).add(rate);
  }

  double median() {
    return median(ours);
  }

  double median(String label) {
    return median(theirs.getOrDefault(label, List.of()));
  }

  /** The median over rounds of our rate by theirs: what the whole machine did to both drops out. */
  double ratio(String label) {
    List<Double> rates = theirs.getOrDefault(label, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rates.size(); round++) {
      ratios.add(ours.get(round) / rates.get(round));
    }
    return median(ratios);
  }

  /** How much of what a plain read reaches the weights were read with; NaN for prompts. */
  double ofPlainRead() {
    return median(weightsOfPlainRead);
  }

  private static double median(List<Double> values) {
    return BenchResult.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
