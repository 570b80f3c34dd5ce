package dev.jandaia.spec.count;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.SpecException;
import dev.jandaia.spec.TokenPrediction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parameters of a model: one list that serves counting, loading, initialisation, gradients and
 * export. Paths read from the outside in ({@code blocks.3.mixer.query.weight}); a matrix has the
 * shape [outputs, inputs], row-major; a tied head has no parameter of its own.
 */
public final class Parameters {
  private Parameters() {}

  /** Every parameter of a model, in the order in which a token meets them. */
  public static List<ParameterSpec> of(ModelSpec spec) {
    ParameterList list = new ParameterList("");
    embedding(list.at("embedding"), spec);
    spec.embedding()
        .layers()
        .ifPresent(layers -> layerEmbedding(list.at("layerEmbedding"), layers, spec));
    if (spec.hyperConnections().isEmpty()) {
      streams(list.at("streams.split"), spec);
    }
    for (int i = 0; i < spec.numLayers(); i++) {
      block(list.at("blocks." + i), spec.blocks().get(i), spec.hiddenSize());
    }
    if (spec.hyperConnections().isEmpty()) {
      streams(list.at("streams.merge"), spec);
    } else {
      collapse(list, spec.hyperConnections().get(), spec.hiddenSize());
    }
    list.norm("finalNorm", spec.finalNorm(), spec.hiddenSize());
    if (!spec.head().tied()) {
      list.add("head.weight", spec.vocabSize(), spec.hiddenSize());
    }
    return list.parameters();
  }

  /**
   * Every parameter of the modules for further tokens, which are not part of {@link
   * #of(ModelSpec)}; empty for most models.
   */
  public static List<ParameterSpec> ofPrediction(ModelSpec spec) {
    ParameterList list = new ParameterList("");
    spec.prediction()
        .ifPresent(modules -> {
          for (int i = 0; i < modules.numModules(); i++) {
            module(list.at("prediction." + i), modules, spec);
          }
        });
    return list.parameters();
  }

  /**
   * The parameter of one path.
   *
   * @throws SpecException if the model has none of that path
   */
  public static ParameterSpec of(ModelSpec spec, String path) {
    return Stream.concat(of(spec).stream(), ofPrediction(spec).stream())
        .filter(parameter -> parameter.path().equals(path))
        .findFirst()
        .orElseThrow(
            () -> new SpecException(path + ": no such parameter in this " + spec.family()));
  }

  /** The parameters of layer {@code index} alone, with their full paths. */
  public static List<ParameterSpec> ofBlock(ModelSpec spec, int index) {
    ParameterList list = new ParameterList("");
    block(list.at("blocks." + index), spec.blocks().get(index), spec.hiddenSize());
    return list.parameters();
  }

  private static void embedding(ParameterList list, ModelSpec spec) {
    Embedding embedding = spec.embedding();
    list.add("tokens.weight", spec.vocabSize(), spec.hiddenSize());
    if (embedding.learnedPositions() > 0) {
      list.add("positions.weight", embedding.learnedPositions(), spec.hiddenSize());
    }
    list.norm("norm", embedding.norm(), spec.hiddenSize());
  }

  /** The images of the first residual stream, or those that lead back to it. */
  private static void streams(ParameterList list, ModelSpec spec) {
    for (int i = 0; i < spec.numStreams() - 1; i++) {
      list.linear(String.valueOf(i), spec.hiddenSize(), spec.hiddenSize(), false);
    }
  }

  /** What merges hyper-connected streams. */
  private static void collapse(ParameterList list, HyperConnections wiring, int width) {
    ResidualParameters.connections(list.at("streams.collapse"), wiring, wiring.streams(), 1, width);
  }

  private static void layerEmbedding(ParameterList list, LayerEmbedding layers, ModelSpec spec) {
    int width = spec.numLayers() * layers.size();
    list.add("tokens.weight", layers.vocabSize(), width);
    list.linear("projection", width, spec.hiddenSize(), false);
    list.norm("norm", layers.norm(), layers.size());
  }

  private static void module(ParameterList list, TokenPrediction modules, ModelSpec spec) {
    int width = spec.hiddenSize();
    Optional<HyperConnections> streams = spec.hyperConnections();
    list.norm("embeddingNorm", modules.norm(), width);
    list.norm("hiddenNorm", modules.norm(), width);
    if (streams.isPresent()) {
      list.linear("embeddingProjection", width, width, false);
      list.linear("hiddenProjection", width, width, false);
    } else {
      list.linear("projection", width, 2 * width, false);
    }
    block(list.at("blocks.0"), modules.block(), width);
    streams.ifPresent(wiring -> collapse(list, wiring, width));
    list.norm("finalNorm", modules.norm(), width);
  }

  private static void block(ParameterList list, BlockSpec block, int hiddenSize) {
    ResidualParameters.addHalf(list, "mixer", block.residual(), hiddenSize);
    MixerParameters.add(list.at("mixer"), block.mixer(), hiddenSize);
    ResidualParameters.addHalf(list, "feedForward", block.residual(), hiddenSize);
    FeedForwardParameters.add(list.at("feedForward"), block.feedForward(), hiddenSize);
    ResidualParameters.addWhole(list, block.residual(), hiddenSize);
  }
}
