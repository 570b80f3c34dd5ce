package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import java.util.List;
import java.util.Optional;

/** What the configs of Gemma 3n and 4 tell alike: sizes, layer types, vectors for each layer. */
record GemmaText(
    Config config, Dimensions dims, Norm norm, LayerTypes types, LayerSharing sharing) {

  static GemmaText read(Config config, LayerTypes types) {
    return new GemmaText(
        config,
        Dimensions.read(config),
        Norm.Rms.of(config.number("rms_norm_eps")),
        types,
        LayerSharing.read(config, types));
  }

  /** What layers make of their own vectors; empty where the file gives these 0 elements. */
  Optional<LayerInput> layerInput() {
    return Optional.of(config.integer("hidden_size_per_layer_input", 0))
        .filter(size -> size != 0)
        .map(size -> new LayerInput(size, Activations.read(config, "hidden_activation"), norm));
  }

  ModelSpec model(String family, List<BlockSpec> blocks) {
    Optional<LayerEmbedding> layers =
        layerInput()
            .map(input ->
                new LayerEmbedding(
                    config.positive("vocab_size_per_layer_input"), input.size(), norm));
    Embedding embedding = new Embedding(Math.sqrt(dims.hiddenSize()), 0, Norm.NONE, layers);
    Head head = new Head(dims.tied(), 1, config.number("final_logit_softcapping", 0));
    return dims.model(family, embedding, blocks, norm, head);
  }

  /** What both write alike. */
  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    long shared =
        layers
            .mixers(GroupedQueryAttention.class)
            .filter(attention -> attention.keyValues() instanceof KeyValues.OfLayer)
            .count();
    config
        .layerTypes(layers)
        .putUnlessZero("final_logit_softcapping", spec.head().softCap())
        .put("num_kv_shared_layers", (int) shared)
        .put("hidden_size_per_layer_input", 0);
    spec.embedding()
        .layers()
        .ifPresent(embedding ->
            config
                .put("hidden_size_per_layer_input", embedding.size())
                .put("vocab_size_per_layer_input", embedding.vocabSize()));
  }

  /** Whether a tensor belongs to eyes or ears, or to keys and values that no layer uses. */
  static boolean isSurplus(ModelSpec spec, String tensor) {
    return Multimodal.isSurplus(tensor) || LayerSharing.isSurplus(spec, tensor);
  }
}
