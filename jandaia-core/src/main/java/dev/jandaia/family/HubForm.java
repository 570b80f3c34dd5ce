package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.TokenPrediction;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model whose spec came from a GGUF file, in words that a config.json has: divisors become the
 * rule that they follow, a Llama with windows is a Mistral. Other specs stay as they are.
 */
final class HubForm {
  /** The limits that every published model with Llama 3's rule has. */
  private static final double LOW = 1;

  private static final double HIGH = 4;

  private HubForm() {}

  static ModelSpec of(ModelSpec spec) {
    return new ModelSpec(
        family(spec),
        spec.vocabSize(),
        spec.hiddenSize(),
        spec.contextLength(),
        spec.embedding(),
        spec.blocks().stream().map(block -> block(block, spec)).toList(),
        spec.finalNorm(),
        spec.head(),
        spec.prediction()
            .map(modules ->
                new TokenPrediction(
                    modules.numModules(), block(modules.block(), spec), modules.norm())));
  }

  private static String family(ModelSpec spec) {
    boolean windows = new SpecLayers(spec).window().isPresent();
    return windows && spec.family().equals("llama") ? "mistral" : spec.family();
  }

  private static BlockSpec block(BlockSpec block, ModelSpec spec) {
    return block.mixer() instanceof GroupedQueryAttention attention
            && attention.position() instanceof Position.Rotary rotary
            && rotary.scaling() instanceof RopeScaling.Divisors(List<Double> divisors)
        ? new BlockSpec(
            attention.withPosition(
                new Position.Rotary(
                    rotary.theta(),
                    rotary.rotaryDim(),
                    rotary.pairing(),
                    rule(rotary, divisors, spec.contextLength()))),
            block.feedForward(),
            block.residual())
        : block;
  }

  private static RopeScaling rule(Position.Rotary rotary, List<Double> divisors, int context) {
    int still = (int) divisors.stream().filter(divisor -> divisor >= 1e30f).count();
    if (still > 0) {
      return new RopeScaling.Proportional(divisors.size() - still, divisors.getFirst());
    }
    double factor = divisors.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    // Contexts are powers of two, or a published one divided by the factor.
    return Stream.concat(
            Stream.of((int) Math.round(context / factor)),
            IntStream.rangeClosed(4, 24).mapToObj(bits -> 1 << bits))
        .filter(original -> original > 0)
        .map(original -> new RopeScaling.Llama3(factor, LOW, HIGH, original))
        .filter(llama3 -> isNear(CommonForm.divisors(rotary, llama3), divisors))
        .<RopeScaling>map(llama3 -> llama3)
        .findFirst()
        .orElseGet(() -> new RopeScaling.LongRope(divisors, divisors, context, 1));
  }

  private static boolean isNear(List<Double> one, List<Double> other) {
    return IntStream.range(0, one.size())
        .allMatch(i -> Math.abs(one.get(i) - other.get(i)) <= 1e-6 * other.get(i));
  }
}
