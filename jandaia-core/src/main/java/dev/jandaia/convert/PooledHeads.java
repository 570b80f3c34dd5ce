package dev.jandaia.convert;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Grouped queries from many heads (2305.13245): key and value head g of the new model is the mean
 * of the old heads g·n … g·n + n − 1, weights and biases alike. Queries stay, and query head h
 * meets the mean of the very heads that its group had.
 */
final class PooledHeads {
  private static final String FIELD = "num_key_value_heads";

  private PooledHeads() {}

  static Converted of(LoadedModel loaded, ObjectNode config, int heads, Storage storage) {
    ModelSpec from = loaded.spec().withoutPrediction();
    ModelSpec wanted = from.withBlocks(blocks(loaded, from, heads));
    config.put(FIELD, heads);
    Predictions.deny(config);
    ModelSpec to = Families.spec(Config.of("config.json", config));
    SpecDiff.first(wanted, to.withoutPrediction())
        .ifPresent(difference -> {
          throw new JandaiaException(
              "%s: config.json of %s cannot express %d key/value heads (asked, possible): %s"
                  .formatted(loaded.source().origin(), from.family(), heads, difference));
        });
    List<String> facts = new ArrayList<>();
    facts.add("key/value heads: %s".formatted(change(from, heads)));
    Predictions.note(loaded, facts);
    return new Converted(
        config,
        new ParameterTensors(loaded, wanted, pooled(loaded, from, wanted), storage).outputs(),
        facts);
  }

  private static String change(ModelSpec from, int heads) {
    List<Integer> before =
        from.blocks().stream()
            .filter(block -> block.mixer() instanceof GroupedQueryAttention)
            .map(block -> ((GroupedQueryAttention) block.mixer()).numKvHeads())
            .distinct()
            .toList();
    return "%s to %d".formatted(before.size() == 1 ? before.getFirst() : before, heads);
  }

  private static List<BlockSpec> blocks(LoadedModel loaded, ModelSpec from, int heads) {
    List<BlockSpec> blocks = new ArrayList<>();
    int found = 0;
    for (int i = 0; i < from.numLayers(); i++) {
      BlockSpec block = from.blocks().get(i);
      if (block.mixer() instanceof GroupedQueryAttention attention) {
        require(loaded, i, attention, heads);
        found++;
        block = new BlockSpec(attention.withKvHeads(heads), block.feedForward(), block.residual());
      }
      blocks.add(block);
    }
    if (found == 0) {
      throw new JandaiaException(
          "%s: expected layers with key/value heads, found none in this %s"
              .formatted(loaded.source().origin(), from.family()));
    }
    return blocks;
  }

  private static void require(
      LoadedModel loaded, int layer, GroupedQueryAttention attention, int heads) {
    String where = "%s: layer %d: ".formatted(loaded.source().origin(), layer);
    if (heads < 1 || attention.numKvHeads() % heads != 0) {
      throw new JandaiaException(
          where
              + "expected a number of key/value heads that divides %d, found %d"
                  .formatted(attention.numKvHeads(), heads));
    }
    if (!(attention.keyValues() instanceof KeyValues.Projected)) {
      throw new JandaiaException(
          where + "expected keys and values of its own, found " + attention.keyValues());
    }
    if (attention.qkNorm() instanceof QkNorm.Whole && attention.numKvHeads() != heads) {
      throw new JandaiaException(
          where + "expected keys without a norm over all heads, which no mean keeps");
    }
  }

  private static Map<String, Supplier<float[]>> pooled(
      LoadedModel loaded, ModelSpec from, ModelSpec to) {
    Map<String, ParameterSpec> old = new HashMap<>();
    Parameters.of(from).forEach(parameter -> old.put(parameter.path(), parameter));
    Map<String, Supplier<float[]>> changed = new HashMap<>();
    for (ParameterSpec parameter : Parameters.of(to)) {
      ParameterSpec before = old.get(parameter.path());
      if (!before.shape().equals(parameter.shape())) {
        int layer = Integer.parseInt(parameter.path().split("\\.")[1]);
        var attention = (GroupedQueryAttention) to.blocks().get(layer).mixer();
        changed.put(
            parameter.path(),
            () ->
                mean(
                    ParameterTensors.old(loaded, before),
                    attention.numKvHeads(),
                    parameter.elements()));
      }
    }
    return changed;
  }

  /** The mean of consecutive heads; a head is a run of equally many elements. */
  static float[] mean(float[] old, int heads, long size) {
    float[] pooled = new float[Math.toIntExact(size)];
    int headSize = pooled.length / heads;
    int group = old.length / pooled.length;
    for (int i = 0; i < pooled.length; i++) {
      double sum = 0;
      for (int member = 0; member < group; member++) {
        sum += old[(i / headSize * group + member) * headSize + i % headSize];
      }
      pooled[i] = (float) (sum / group);
    }
    return pooled;
  }
}
