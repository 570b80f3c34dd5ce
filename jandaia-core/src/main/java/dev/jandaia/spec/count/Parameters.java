package dev.jandaia.spec.count;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.SpecException;
import java.util.List;

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
    for (int i = 0; i < spec.numLayers(); i++) {
      block(list.at("blocks." + i), spec.blocks().get(i), spec.hiddenSize());
    }
    list.norm("finalNorm", spec.finalNorm(), spec.hiddenSize());
    if (!spec.head().tied()) {
      list.add("head.weight", spec.vocabSize(), spec.hiddenSize());
    }
    return list.parameters();
  }

  /**
   * The parameter of one path.
   *
   * @throws SpecException if the model has none of that path
   */
  public static ParameterSpec of(ModelSpec spec, String path) {
    return of(spec).stream()
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

  private static void block(ParameterList list, BlockSpec block, int hiddenSize) {
    residual(list, "mixer", block.residual(), hiddenSize);
    MixerParameters.add(list.at("mixer"), block.mixer(), hiddenSize);
    residual(list, "feedForward", block.residual(), hiddenSize);
    FeedForwardParameters.add(list.at("feedForward"), block.feedForward(), hiddenSize);
  }

  private static void residual(ParameterList list, String half, Residual residual, int width) {
    switch (residual) {
      case Residual.PreNorm(Norm norm) -> list.norm(half + "Norm", norm, width);
      case Residual.PostNorm(Norm norm) -> list.norm(half + "PostNorm", norm, width);
      case Residual.Normalised(Norm norm, _, _) -> list.norm(half + "Norm", norm, width);
      case Residual.Sandwich(Norm norm) -> {
        list.norm(half + "Norm", norm, width);
        list.norm(half + "PostNorm", norm, width);
      }
      case Residual.ScaledPreNorm(Norm norm, _) -> list.norm(half + "Norm", norm, width);
      case Residual.Parallel(Norm norm) -> {
        if (half.equals("mixer")) {
          list.norm("mixerNorm", norm, width);
        }
      }
    }
  }
}
