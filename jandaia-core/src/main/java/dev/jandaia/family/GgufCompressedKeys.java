package dev.jandaia.family;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The metadata that GGUF architecture deepseek4 has beside that of others. */
final class GgufCompressedKeys {
  /** RoPE base of layers with a window alone, where a model has none. */
  private static final double USUAL_THETA = 10_000;

  private GgufCompressedKeys() {}

  static Map<String, Object> of(ModelSpec spec) {
    Map<String, Object> keys = new LinkedHashMap<>();
    SpecLayers layers = new SpecLayers(spec);
    CompressedAttention attention = layers.mixer(CompressedAttention.class);
    keys.put("attention.head_count", (long) attention.numHeads());
    keys.put("attention.head_count_kv", 1L);
    keys.put("attention.key_length", (long) attention.headDim());
    keys.put("attention.value_length", (long) attention.headDim());
    keys.put("attention.q_lora_rank", (long) attention.queryRank());
    keys.put("attention.sliding_window", (long) attention.window());
    keys.put(GgufCompressed.OUTPUT_GROUPS, (long) attention.outputGroups());
    keys.put(GgufCompressed.OUTPUT_RANK, (long) attention.outputRank());
    compression(layers, keys);
    thetas(layers, keys);
    keys.put(GgufCompressed.LIMIT, limits(layers, MixtureOfExperts::expert));
    keys.put(
        GgufCompressed.SHARED_LIMIT, limits(layers, moe -> moe.shared().orElseGet(moe::expert)));
    long looked =
        layers
            .feedForwards(MixtureOfExperts.class)
            .takeWhile(moe -> moe.router().tokenTable().isPresent())
            .count();
    keys.put("hash_layer_count", looked);
    spec.hyperConnections()
        .ifPresent(wiring -> {
          keys.put("embedding_length_out", (long) wiring.streams() * spec.hiddenSize());
          keys.put(GgufCompressed.STREAMS, (long) wiring.streams());
          keys.put(GgufCompressed.ITERATIONS, (long) wiring.iterations());
          keys.put(GgufCompressed.EPSILON, wiring.epsilon());
        });
    return keys;
  }

  private static void compression(SpecLayers layers, Map<String, Object> keys) {
    keys.put(
        GgufCompressed.RATIOS,
        layers
            .mixers(CompressedAttention.class)
            .mapToLong(attention -> attention.compression().map(Compression::rate).orElse(0))
            .toArray());
    layers
        .mixers(CompressedAttention.class)
        .flatMap(attention -> attention.compression().stream())
        .filter(compression -> compression.indexer().isPresent())
        .findFirst()
        .ifPresent(compression -> {
          keys.put(
              "attention.indexer.head_count",
              (long) compression.indexer().orElseThrow().numHeads());
          keys.put(
              "attention.indexer.key_length", (long) compression.indexer().orElseThrow().headDim());
          keys.put("attention.indexer.top_k", (long) compression.topK());
        });
  }

  private static void thetas(SpecLayers layers, Map<String, Object> keys) {
    keys.put("rope.freq_base", USUAL_THETA);
    layers
        .mixers(CompressedAttention.class)
        .forEach(attention -> {
          if (attention.position() instanceof Position.Rotary rotary) {
            boolean alone = attention.compression().isEmpty();
            keys.put(alone ? "rope.freq_base" : GgufCompressed.ENTRY_THETA, rotary.theta());
          }
        });
  }

  private interface Part {
    GatedMlp of(MixtureOfExperts experts);
  }

  private static double[] limits(SpecLayers layers, Part part) {
    ToDoubleFunction<MixtureOfExperts> limit =
        moe ->
            part.of(moe).gating() instanceof Gating.Bounded(_, double bound)
                ? bound
                : Double.POSITIVE_INFINITY;
    return layers.feedForwards(MixtureOfExperts.class).mapToDouble(limit).toArray();
  }
}
