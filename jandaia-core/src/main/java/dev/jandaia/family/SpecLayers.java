package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Span;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Representative parts of a spec, for formats that state a part once for all layers. Whether all
 * layers are so is told by reading back what was written.
 */
record SpecLayers(ModelSpec spec) {

  /** The mixers of one kind, in order. */
  <T extends Mixer> Stream<T> mixers(Class<T> kind) {
    return spec.blocks().stream().map(BlockSpec::mixer).filter(kind::isInstance).map(kind::cast);
  }

  /** The first mixer of a kind that the model must have. */
  <T extends Mixer> T mixer(Class<T> kind) {
    return mixers(kind).findFirst().orElseThrow(() -> missing(kind.getSimpleName()));
  }

  /** Attention of the first layer that sees all keys; of the first layer where none does. */
  GroupedQueryAttention attention() {
    return mixers(GroupedQueryAttention.class)
        .filter(attention -> attention.span() instanceof Span.Full)
        .findFirst()
        .orElseGet(() -> mixer(GroupedQueryAttention.class));
  }

  /** Attention of the first layer with a window; of the first layer where none has one. */
  GroupedQueryAttention local() {
    return mixers(GroupedQueryAttention.class)
        .filter(attention -> attention.span() instanceof Span.Sliding)
        .findFirst()
        .orElseGet(() -> mixer(GroupedQueryAttention.class));
  }

  Optional<GatedMlp> dense() {
    return feedForwards(GatedMlp.class).findFirst();
  }

  Optional<MixtureOfExperts> sparse() {
    return feedForwards(MixtureOfExperts.class).findFirst();
  }

  /** Dense networks of a model that must have them. */
  GatedMlp mlp() {
    return dense().orElseThrow(() -> missing("GatedMlp"));
  }

  /** Experts of a model that must have them. */
  MixtureOfExperts experts() {
    return sparse().orElseThrow(() -> missing("MixtureOfExperts"));
  }

  <T extends FeedForward> Stream<T> feedForwards(Class<T> kind) {
    return spec.blocks().stream()
        .map(BlockSpec::feedForward)
        .filter(kind::isInstance)
        .map(kind::cast);
  }

  /** Width of the dense networks; that of an expert where there are none. */
  GatedMlp denseOrExpert() {
    return dense().orElseGet(() -> experts().expert());
  }

  boolean isSparse(int layer) {
    return spec.blocks().get(layer).feedForward() instanceof MixtureOfExperts;
  }

  /** Indices of the layers with experts. */
  List<Integer> sparseLayers() {
    return IntStream.range(0, spec.numLayers()).filter(this::isSparse).boxed().toList();
  }

  /** Indices of the layers without. */
  List<Integer> denseLayers() {
    return IntStream.range(0, spec.numLayers()).filter(i -> !isSparse(i)).boxed().toList();
  }

  /** Index of the first layer with experts; the number of layers where there is none. */
  int firstSparse() {
    return IntStream.range(0, spec.numLayers())
        .filter(this::isSparse)
        .findFirst()
        .orElse(spec.numLayers());
  }

  /** The widths of windows, one for all that have one. */
  OptionalInt window() {
    return mixers(GroupedQueryAttention.class)
        .map(GroupedQueryAttention::span)
        .filter(Span.Sliding.class::isInstance)
        .mapToInt(span -> ((Span.Sliding) span).window())
        .findFirst();
  }

  /** {@code full_attention} or {@code sliding_attention} for each layer. */
  List<String> types() {
    return spec.blocks().stream()
        .map(block -> slides(block.mixer()) ? LayerTypes.SLIDING : LayerTypes.FULL)
        .toList();
  }

  /**
   * {@code full_attention} for layers of quadratic attention, {@code linear_attention} for others.
   */
  List<String> hybridTypes(Class<? extends Mixer> full) {
    return spec.blocks().stream()
        .map(block -> full.isInstance(block.mixer()) ? LayerTypes.FULL : HybridLayers.LINEAR)
        .toList();
  }

  static boolean slides(Mixer mixer) {
    return mixer instanceof GroupedQueryAttention attention
        && attention.span() instanceof Span.Sliding;
  }

  JandaiaException missing(String part) {
    return new JandaiaException(
        "family %s: expected a layer with %s, found none".formatted(spec.family(), part));
  }
}
