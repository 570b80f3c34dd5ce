package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.TokenPrediction;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.DoublePredicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a config.json that is being written; the way back of {@link Config}. */
public final class HubFields {
  private final ObjectNode node;

  private HubFields(ObjectNode node) {
    this.node = node;
  }

  static HubFields empty() {
    return new HubFields(JsonNodeFactory.instance.objectNode());
  }

  ObjectNode node() {
    return node;
  }

  boolean has(String field) {
    return node.has(field);
  }

  HubFields put(String field, int value) {
    node.put(field, value);
    return this;
  }

  HubFields put(String field, double value) {
    node.put(field, value);
    return this;
  }

  /** A number, without a fraction where it has none: some classes take nothing else. */
  HubFields putWhole(String field, double value) {
    return value == (int) value ? put(field, (int) value) : put(field, value);
  }

  HubFields put(String field, boolean value) {
    node.put(field, value);
    return this;
  }

  HubFields put(String field, String value) {
    node.put(field, value);
    return this;
  }

  HubFields putNull(String field) {
    node.putNull(field);
    return this;
  }

  /** A number, or null where it is 0, which means that there is none. */
  HubFields putUnlessZero(String field, double value) {
    return value == 0 ? putNull(field) : put(field, value);
  }

  HubFields putTexts(String field, List<String> values) {
    ArrayNode array = node.putArray(field);
    values.forEach(array::add);
    return this;
  }

  HubFields putIntegers(String field, List<Integer> values) {
    ArrayNode array = node.putArray(field);
    values.forEach(array::add);
    return this;
  }

  HubFields putNumbers(String field, List<Double> values) {
    ArrayNode array = node.putArray(field);
    values.forEach(array::add);
    return this;
  }

  /** The object of a field, new or there already. */
  HubFields object(String field) {
    return new HubFields(
        node.get(field) instanceof ObjectNode there ? there : node.putObject(field));
  }

  /** The sizes that every decoder states; {@code rms_norm_eps} where its norms are of that kind. */
  HubFields sizes(ModelSpec spec) {
    put("hidden_size", spec.hiddenSize());
    put("num_hidden_layers", spec.numLayers());
    put("max_position_embeddings", spec.contextLength());
    return spec.finalNorm() instanceof Norm.Rms(double epsilon, _)
        ? put("rms_norm_eps", epsilon)
        : this;
  }

  /** How many further tokens the model's modules foresee. */
  HubFields predictions(ModelSpec spec, String field) {
    return put(field, spec.prediction().map(TokenPrediction::numModules).orElse(0));
  }

  /** Numbers and size of heads. */
  HubFields heads(GroupedQueryAttention attention) {
    return put("num_attention_heads", attention.numHeads())
        .put("num_key_value_heads", attention.numKvHeads())
        .put("head_dim", attention.headDim());
  }

  /** Heads, and whether their projections have biases: all of them, as most families have it. */
  HubFields attention(GroupedQueryAttention attention) {
    return heads(attention).put("attention_bias", attention.outputBias());
  }

  /** A gated network whose width stands in {@code sizeField}, its activation in hidden_act. */
  HubFields mlp(GatedMlp mlp, String sizeField) {
    return mlp(mlp, sizeField, "hidden_act");
  }

  HubFields mlp(GatedMlp mlp, String sizeField, String activationField) {
    put(sizeField, mlp.intermediateSize()).put("mlp_bias", mlp.bias());
    return mlp.gating() instanceof Gating.Plain(Activation activation)
        ? put(activationField, Activations.name(activation))
        : this;
  }

  /** Which layers slide, and the width of their window; all layers are listed. */
  HubFields layerTypes(SpecLayers layers) {
    window(layers);
    return putTexts("layer_types", layers.types());
  }

  /** The window of layers that are all alike; null where there is none. */
  HubFields window(SpecLayers layers) {
    return layers.window().isPresent()
        ? put("sliding_window", layers.window().getAsInt())
        : putNull("sliding_window");
  }

  /**
   * The shortest decimal near a number that serves as well as the number: published values are
   * short, and a calculation only nearly returns them.
   */
  static double shortest(double value, DoublePredicate serves) {
    for (int digits = 1; digits < 17; digits++) {
      double rounded = new BigDecimal(value).round(new MathContext(digits)).doubleValue();
      if (serves.test(rounded)) {
        return rounded;
      }
    }
    return value;
  }
}
