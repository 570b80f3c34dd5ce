package dev.jandaia.atlas.text;

import dev.jandaia.spec.BlockSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which kinds of layers a model has, how many of each, and in what order they come. */
public final class LayerPattern {
  private final Map<BlockSpec, Integer> counts = new LinkedHashMap<>();
  private final List<BlockSpec> blocks;

  /** The pattern of these layers, first to last. */
  public LayerPattern(List<BlockSpec> blocks) {
    this.blocks = blocks;
    blocks.forEach(block -> counts.merge(block, 1, Integer::sum));
  }

  /** The kinds in order of appearance, with how many layers are of each. */
  public Map<BlockSpec, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** A, B, ... for the kinds in order of appearance. */
  public String letter(BlockSpec block) {
    int index = List.copyOf(counts.keySet()).indexOf(block);
    return index < 26 ? String.valueOf((char) ('A' + index)) : "#" + index;
  }

  /** The order in short: {@code 3A 58B}, {@code 5 × (5A B) 4A}. */
  public String order() {
    List<String> runs = runs();
    int period = period(runs);
    if (period == 0) {
      return String.join(" ", runs);
    }
    int repeats = 1;
    while (runs.size() >= (repeats + 1) * period
        && runs.subList(repeats * period, (repeats + 1) * period).equals(runs.subList(0, period))) {
      repeats++;
    }
    String pattern = String.join(" ", runs.subList(0, period));
    String rest = String.join(" ", runs.subList(repeats * period, runs.size()));
    return "%d × (%s) %s".formatted(repeats, pattern, rest).strip();
  }

  private List<String> runs() {
    List<String> runs = new ArrayList<>();
    int from = 0;
    while (from < blocks.size()) {
      int to = from;
      while (to < blocks.size() && blocks.get(to).equals(blocks.get(from))) {
        to++;
      }
      runs.add((to - from > 1 ? to - from : "") + letter(blocks.get(from)));
      from = to;
    }
    return runs;
  }

  /** The shortest beginning, of several runs, that comes at least twice in a row; 0 if none. */
  private static int period(List<String> runs) {
    for (int period = 2; 2 * period <= runs.size(); period++) {
      if (runs.subList(0, period).equals(runs.subList(period, 2 * period))) {
        return period;
      }
    }
    return 0;
  }
}
