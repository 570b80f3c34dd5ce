package dev.jandaia.spec.json;

import dev.jandaia.spec.json.SpecJson.Place;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Layers as runs: a pattern of up to {@link #LONGEST} layers that recurs is written once. */
final class Runs {
  private static final int LONGEST = 8;
  private static final int MOST_LAYERS = 100_000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Runs() {}

  static ArrayNode toTree(List<?> layers) {
    ArrayNode runs = NODES.arrayNode();
    int at = 0;
    while (at < layers.size()) {
      int length = bestPattern(layers, at);
      int repeat = repeats(layers, at, length);
      runs.add(run(layers.subList(at, at + length), repeat));
      at += length * repeat;
    }
    return runs;
  }

  private static JsonNode run(List<?> pattern, int repeat) {
    if (repeat == 1) {
      return Records.toTree(pattern.getFirst());
    }
    ObjectNode run = NODES.objectNode();
    run.put("repeat", repeat);
    if (pattern.size() == 1) {
      run.set("block", Records.toTree(pattern.getFirst()));
    } else {
      run.set("blocks", toTree(pattern));
    }
    return run;
  }

  /** The shortest pattern at {@code at} among those that save most; 1 where nothing recurs. */
  private static int bestPattern(List<?> layers, int at) {
    int best = 1;
    int saved = repeats(layers, at, 1) - 1;
    for (int length = 2; length <= LONGEST; length++) {
      int saving = length * (repeats(layers, at, length) - 1);
      if (saving > saved) {
        best = length;
        saved = saving;
      }
    }
    return best;
  }

  private static int repeats(List<?> layers, int at, int length) {
    int end = at + length;
    while (end < layers.size() && layers.get(end).equals(layers.get(end - length))) {
      end++;
    }
    return Math.max(1, (Math.min(end, layers.size()) - at) / length);
  }

  static List<Object> fromTree(JsonNode node, Class<?> element, Place place) {
    List<Object> layers = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode run = node.get(i);
      Place at = place.element(i);
      if (run.has("repeat")) {
        addRun(layers, run, element, at);
      } else {
        layers.add(Records.fromTree(run, element, at));
      }
    }
    return layers;
  }

  private static void addRun(List<Object> layers, JsonNode run, Class<?> element, Place place) {
    JsonNode repeat = run.get("repeat");
    int most = MOST_LAYERS - layers.size();
    if (!repeat.isInt() || repeat.intValue() < 1 || repeat.intValue() > most) {
      throw place.field("repeat").bad("an integer from 1 to " + most, repeat);
    }
    if (run.size() != 2 || run.has("block") == run.has("blocks")) {
      throw place.bad("repeat and either block or blocks", run);
    }
    List<Object> pattern =
        run.has("block")
            ? List.of(Records.fromTree(run.get("block"), element, place.field("block")))
            : pattern(run.get("blocks"), element, place.field("blocks"));
    if ((long) pattern.size() * repeat.intValue() > most) {
      throw place.field("repeat").bad("at most " + most + " layers", repeat);
    }
    for (int i = 0; i < repeat.intValue(); i++) {
      layers.addAll(pattern);
    }
  }

  private static List<Object> pattern(JsonNode node, Class<?> element, Place place) {
    if (!node.isArray()) {
      throw place.bad("a list", node);
    }
    return fromTree(node, element, place);
  }
}
