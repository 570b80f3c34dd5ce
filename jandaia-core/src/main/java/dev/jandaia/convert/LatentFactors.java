package dev.jandaia.convert;

import dev.jandaia.convert.LatentLayer.LatentShape;
import dev.jandaia.convert.RotarySlots.Slot;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.RopeFrequencies;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
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
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Multi-head latent attention (2405.04434) from heads that are shared or not, as a {@code
 * deepseek_v3} checkpoint that other programs read too.
 *
 * <ul>
 *   <li>{@link RotarySlots} chooses what keeps RoPE, in one key for all heads. Its frequencies are
 *       those of the pairs it came from, which a config can only spell as LongRoPE with factors of
 *       its own. With all slots kept nothing is lost, and keys are as large as before.
 *   <li>{@link LatentLayer} factorises the rest of the keys, which no longer turns, together with
 *       the values by a truncated singular value decomposition.
 * </ul>
 *
 * Biases of queries, keys and values, norms of queries and keys, windows, soft caps and sinks have
 * no place in latent attention as it is published: models with them are refused.
 */
final class LatentFactors {
  private static final double EPSILON = 1e-6;

  private final LoadedModel loaded;
  private final ModelSpec from;
  private final GroupedQueryAttention attention;
  private final Conversion.Latent asked;
  private final List<double[][]> keys = new ArrayList<>();
  private final RotarySlots slots;
  private final int nopeDim;

  LatentFactors(LoadedModel loaded, Conversion.Latent asked) {
    this.loaded = loaded;
    this.asked = asked;
    this.from = loaded.spec().withoutPrediction();
    this.attention = attention();
    List<FeedForward> others =
        from.blocks().stream().map(BlockSpec::feedForward).distinct().toList();
    if (others.size() > 1 || !(others.getFirst() instanceof GatedMlp)) {
      throw bad("layers with the same gated MLP", others.getFirst().getClass().getSimpleName());
    }
    int all = ((Position.Rotary) attention.position()).rotaryDim() * attention.numKvHeads();
    int ropeDim = asked.ropeDim().orElse(all);
    if (ropeDim < 2 || ropeDim > all || ropeDim % 2 != 0) {
      throw bad("an even number of elements with RoPE from 2 to " + all, ropeDim);
    }
    List<double[][]> weighted = new ArrayList<>();
    for (int i = 0; i < from.numLayers(); i++) {
      keys.add(matrix(i, "key"));
      weighted.add(weighted(keys.get(i), gain(i)));
    }
    slots = new RotarySlots(attention, weighted, ropeDim);
    // A head needs an element without positions, even where nothing is left for it.
    nopeDim = slots.leavesSomething() ? attention.headDim() : 1;
  }

  private GroupedQueryAttention attention() {
    List<Mixer> mixers = from.blocks().stream().map(BlockSpec::mixer).distinct().toList();
    if (mixers.size() > 1 || !(mixers.getFirst() instanceof GroupedQueryAttention found)) {
      throw bad("layers of one kind of grouped-query attention", mixers.size() + " kinds");
    }
    GroupedQueryAttention plain =
        GroupedQueryAttention.of(
                found.numHeads(), found.numKvHeads(), found.headDim(), found.position())
            .withScale(found.scale())
            .withBias(false, found.outputBias());
    if (!found.equals(plain)) {
      throw bad("attention with no more than RoPE and an output bias", found);
    }
    boolean known =
        found.position() instanceof Position.Rotary rotary
            && rotary.pairing() != Position.Pairing.HALVES_REVERSED
            && !(rotary.scaling() instanceof RopeScaling.LongRope)
            && !(rotary.scaling() instanceof RopeScaling.Proportional);
    if (!known) {
      throw bad("RoPE with one set of frequencies", found.position());
    }
    return found;
  }

  private JandaiaException bad(String expected, Object found) {
    return new JandaiaException(
        "%s: latent attention: expected %s, found %s"
            .formatted(loaded.source().origin(), expected, found));
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
            attention, shape, slots, index, keys.get(index), matrix(index, "value"), gain(index));
    if (asked.rank() < 1 || asked.rank() > layer.fullRank()) {
      throw bad("a rank from 1 to " + layer.fullRank(), asked.rank());
    }
    String path = path(index);
    changed.put(path + "query.weight", () -> layer.query(matrix(index, "query")));
    changed.put(path + "latentDown.weight", () -> layer.down(keys.get(index)));
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

  private ModelSpec target() {
    List<Slot> kept = slots.kept();
    int ropeDim = 2 * kept.size();
    Mixer latent =
        new LatentAttention(
            attention.numHeads(),
            0,
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
        LatentConfig.FAMILY,
        from.vocabSize(),
        from.hiddenSize(),
        from.contextLength(),
        from.embedding(),
        from.blocks().stream()
            .map(block -> new BlockSpec(latent, block.feedForward(), block.residual()))
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

  private double[][] matrix(int layer, String name) {
    float[] values =
        ParameterTensors.old(loaded, Parameters.of(from, path(layer) + name + ".weight"));
    int width = from.hiddenSize();
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

  private static double[][] weighted(double[][] rows, float[] gain) {
    double[][] weighted = new double[rows.length][gain.length];
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < gain.length; c++) {
        weighted[i][c] = rows[i][c] * gain[c];
      }
    }
    return weighted;
  }

  private static String path(int layer) {
    return "blocks." + layer + ".mixer.";
  }
}
