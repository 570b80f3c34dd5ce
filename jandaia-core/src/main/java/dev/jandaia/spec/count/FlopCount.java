package dev.jandaia.spec.count;

import dev.jandaia.spec.ModelSpec;
import java.util.List;

/**
 * The floating-point operations of a model, a multiply-add counting as two: matrix products and
 * attention. Norms, activations, RoPE, softmax and biases, all linear in the width, are left out.
 *
 * @param layers what each layer asks for
 * @param headWeights elements of the output matrix, V·C, tied or not
 * @param streamWeights elements of the matrices that split and merge n residual streams, 2·(n −
 *     1)·C² in AltUp; n·n·C where they are hyper-connected
 */
public record FlopCount(List<LayerCost> layers, long headWeights, long streamWeights) {
  public FlopCount {
    layers = List.copyOf(layers);
  }

  /** Counts a model's operations. */
  public static FlopCount of(ModelSpec spec) {
    return new FlopCount(
        spec.blocks().stream().map(block -> LayerCost.of(block, spec.hiddenSize())).toList(),
        (long) spec.vocabSize() * spec.hiddenSize(),
        streamWeights(spec));
  }

  private static long streamWeights(ModelSpec spec) {
    long streams = spec.numStreams();
    return spec.hyperConnections().isPresent()
        ? streams * streams * spec.hiddenSize()
        : 2 * (streams - 1) * spec.hiddenSize() * spec.hiddenSize();
  }

  /** To generate the token after {@code position} earlier ones: Σ layers + 2·V·C. */
  public long decode(long position) {
    return layers.stream().mapToLong(layer -> layer.decodeFlops(position)).sum()
        + 2 * (headWeights + streamWeights);
  }

  /** To read a prompt of {@code tokens}; only the last needs logits: Σ layers + 2·V·C. */
  public long prefill(long tokens) {
    return blocks(tokens) + 2 * headWeights;
  }

  /** To compute the logits of every one of {@code tokens}: Σ layers + 2·V·C·T. */
  public long forward(long tokens) {
    return blocks(tokens) + Math.multiplyExact(2 * headWeights, tokens);
  }

  /** To train on a sequence of {@code tokens}: forward, and twice that backward. */
  public long training(long tokens) {
    return 3 * forward(tokens);
  }

  private long blocks(long tokens) {
    return layers.stream()
        .mapToLong(layer -> layer.promptFlops(tokens))
        .reduce(Math.multiplyExact(2 * streamWeights, tokens), Math::addExact);
  }
}
