package dev.jandaia.convert;

import dev.jandaia.convert.LatentLayer.LatentShape;
import dev.jandaia.convert.RotarySlots.Slot;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.RopeFrequencies;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Multi-head latent attention (2405.04434) from heads that are shared or not, as a checkpoint that
 * other programs read too: {@code deepseek_v3}, or {@code mistral4} where experts are chosen by
 * softmax.
 *
 * <ul>
 *   <li>{@link RotarySlots} chooses what keeps RoPE, in one key for all heads. Its frequencies are
 *       those of the pairs it came from, which a config can only spell as LongRoPE with factors of
 *       its own. With all slots kept nothing is lost, and keys are as large as before.
 *   <li>{@link LatentLayer} factorises the rest of the keys, which no longer turns, together with
 *       the values by a truncated singular value decomposition.
 *   <li>{@link LatentQueries} gives the queries their new order.
 * </ul>
 *
 * Feed-forward parts stay as they are. {@link LatentParts} tells which models cannot be converted.
 */
final class LatentFactors {
  private static final double EPSILON = 1e-6;

  private final LoadedModel loaded;
  private final ModelSpec from;
  private final LatentParts parts;
  private final GroupedQueryAttention attention;
  private final Conversion.Latent asked;
  private final List<HeadRows> keys = new ArrayList<>();
  private final RotarySlots slots;
  private final int nopeDim;

  LatentFactors(LoadedModel loaded, Conversion.Latent asked) {
    this.loaded = loaded;
    this.asked = asked;
    this.from = loaded.spec().withoutPrediction();
    this.parts = new LatentParts(loaded.source().origin(), from);
    this.attention = parts.attention();
    int all = ((Position.Rotary) attention.position()).rotaryDim() * attention.numKvHeads();
    int ropeDim = asked.ropeDim().orElse(all);
    if (ropeDim < 2 || ropeDim > all || ropeDim % 2 != 0) {
      throw parts.bad("rope-dim", "an even number from 2 to " + all, ropeDim, "");
    }
    List<double[][]> weighted = new ArrayList<>();
    for (int i = 0; i < from.numLayers(); i++) {
      keys.add(rows(i, "key"));
      weighted.add(keys.get(i).weighted(gain(i)));
    }
    slots = new RotarySlots(attention, weighted, ropeDim);
    // A head needs an element without positions, even where nothing is left for it.
    nopeDim = slots.leavesSomething() ? attention.headDim() : 1;
  }

  Converted convert(ObjectNode config, Storage storage) {
    ModelSpec to = target();
    ObjectNode written = LatentConfig.of(to, config, loaded.source().origin());
    Map<String, Supplier<float[]>> changed = new HashMap<>();
    List<String> facts = new ArrayList<>();
    facts.add(
        "cache: %d to %d elements per token"
            .formatted(
                CacheCount.of(from).elementsPerToken(), CacheCount.of(to).elementsPerToken()));
    for (int i = 0; i < from.numLayers(); i++) {
      facts.add(addLayer(i, changed));
    }
    Predictions.note(loaded, facts);
    return new Converted(
        written, new ParameterTensors(loaded, to, changed, storage).outputs(), facts);
  }

  private String addLayer(int index, Map<String, Supplier<float[]>> changed) {
    LatentShape shape = new LatentShape(asked.rank(), nopeDim, EPSILON);
    LatentLayer layer =
        new LatentLayer(
            attention, shape, slots, index, keys.get(index), rows(index, "value"), gain(index));
    if (asked.rank() < 1 || asked.rank() > layer.fullRank()) {
      throw parts.bad("mla-rank", "from 1 to " + layer.fullRank(), asked.rank(), "");
    }
    String path = path(index);
    addQueries(index, changed);
    changed.put(path + "latentDown.weight", layer::down);
    changed.put(path + "latentDown.bias", layer::downBias);
    changed.put(path + "latentNorm.weight", layer::norm);
    changed.put(path + "latentUp.weight", layer::up);
    if (!attention.outputBias()) {
      changed.put(path + "output.bias", () -> new float[from.hiddenSize()]);
    }
    return String.format(
        Locale.ROOT,
        "layer %d: rank %d of %d leaves out %.3g of the joint projection; %.3g of the keys'"
            + " energy lost its positions",
        index,
        asked.rank(),
        layer.fullRank(),
        layer.lost(),
        slots.lostEnergy(index));
  }

  private void addQueries(int index, Map<String, Supplier<float[]>> changed) {
    String path = path(index);
    Supplier<LatentQueries> queries =
        () -> new LatentQueries(attention, slots, index, nopeDim, rows(index, "query"));
    if (!attention.inputBias()) {
      changed.put(path + "query.weight", () -> queries.get().direct());
      return;
    }
    ConstantElement constant = LatentQueries.constant(gain(index), EPSILON);
    changed.put(path + "queryDown.weight", () -> LatentQueries.down(constant));
    changed.put(path + "queryDown.bias", () -> constantBias(from.hiddenSize()));
    changed.put(path + "queryDownNorm.weight", () -> filled(constant));
    changed.put(path + "queryUp.weight", () -> queries.get().up(constant));
  }

  private static float[] constantBias(int width) {
    float[] bias = new float[width + 1];
    bias[width] = (float) ConstantElement.CONSTANT;
    return bias;
  }

  private static float[] filled(ConstantElement constant) {
    float[] weight = new float[constant.rank() + 1];
    Arrays.fill(weight, constant.normWeight());
    return weight;
  }

  private ModelSpec target() {
    List<Slot> kept = slots.kept();
    int ropeDim = 2 * kept.size();
    Mixer latent =
        new LatentAttention(
            attention.numHeads(),
            attention.inputBias() ? from.hiddenSize() + 1 : 0,
            asked.rank() + 1,
            nopeDim,
            ropeDim,
            attention.headDim(),
            true,
            true,
            Norm.Rms.of(EPSILON),
            position(kept, ropeDim),
            Span.FULL,
            1 / Math.sqrt(nopeDim + ropeDim));
    return new ModelSpec(
        parts.family(),
        from.vocabSize(),
        from.hiddenSize(),
        from.contextLength(),
        from.embedding(),
        from.blocks().stream()
            .map(block ->
                new BlockSpec(
                    latent, LatentParts.feedForward(block.feedForward()), block.residual()))
            .toList(),
        from.finalNorm(),
        from.head());
  }

  /** Plain RoPE where the slots have its frequencies, else factors that lead to theirs. */
  private Position.Rotary position(List<Slot> kept, int ropeDim) {
    Position.Rotary old = (Position.Rotary) attention.position();
    Position.Rotary plain =
        new Position.Rotary(old.theta(), ropeDim, Position.Pairing.NEIGHBOURS, RopeScaling.NONE);
    float[] base = RopeFrequencies.of(plain);
    List<Double> factors = new ArrayList<>();
    boolean same = RopeFrequencies.factor(old) == 1;
    for (int s = 0; s < base.length; s++) {
      double frequency = slots.frequency(kept.get(s));
      same &= base[s] == (float) frequency;
      factors.add(Math.pow(old.theta(), -2.0 * s / ropeDim) / frequency);
    }
    return same
        ? plain
        : new Position.Rotary(
            old.theta(),
            ropeDim,
            Position.Pairing.NEIGHBOURS,
            new RopeScaling.LongRope(
                factors, factors, from.contextLength(), RopeFrequencies.factor(old)));
  }

  private HeadRows rows(int layer, String name) {
    String at = path(layer) + name;
    double[][] weight = columns(at + ".weight", from.hiddenSize());
    double[][] bias =
        attention.inputBias() ? columns(at + ".bias", 1) : new double[weight.length][1];
    return new HeadRows(weight, bias);
  }

  private double[][] columns(String path, int width) {
    float[] values = ParameterTensors.old(loaded, Parameters.of(from, path));
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < values.length; i++) {
      rows[i / width][i % width] = values[i];
    }
    return rows;
  }

  private float[] gain(int layer) {
    return ParameterTensors.old(
        loaded, Parameters.of(from, "blocks." + layer + ".mixerNorm.weight"));
  }

  private static String path(int layer) {
    return "blocks." + layer + ".mixer.";
  }
}
