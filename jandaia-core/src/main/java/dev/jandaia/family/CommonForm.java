package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import java.util.ArrayList;
import java.util.List;

/**
 * A model without the conventions of the format it came from: rows of queries and keys in the order
 * of halves, whole gains, divisors in place of the rule they follow, no family. Two specs of the
 * same form compute the same, once the values are restated.
 */
final class CommonForm {
  /** What a frequency that does not turn is divided by in GGUF files. */
  private static final double STANDSTILL = (float) 1e30;

  private CommonForm() {}

  static ModelSpec of(ModelSpec spec) {
    Embedding embedding = spec.embedding();
    return new ModelSpec(
        "any",
        spec.vocabSize(),
        spec.hiddenSize(),
        spec.contextLength(),
        new Embedding(
            embedding.scale(),
            embedding.learnedPositions(),
            norm(embedding.norm()),
            embedding
                .layers()
                .map(own -> new LayerEmbedding(own.vocabSize(), own.size(), norm(own.norm())))),
        spec.blocks().stream().map(CommonForm::block).toList(),
        norm(spec.finalNorm()),
        spec.head());
  }

  private static BlockSpec block(BlockSpec block) {
    return new BlockSpec(
        mixer(block.mixer()), feedForward(block.feedForward()), residual(block.residual()));
  }

  private static Residual residual(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm(Norm norm) -> new Residual.PreNorm(norm(norm));
      case Residual.PostNorm(Norm norm) -> new Residual.PostNorm(norm(norm));
      case Residual.Sandwich(Norm norm) -> new Residual.Sandwich(norm(norm));
      case Residual.Normalised(Norm norm, var mixer, var feedForward) ->
          new Residual.Normalised(norm(norm), mixer, feedForward);
      case Residual.ScaledPreNorm(Norm norm, double scale) ->
          new Residual.ScaledPreNorm(norm(norm), scale);
      case Residual.Parallel(Norm norm) -> new Residual.Parallel(norm(norm));
      case Residual.Laurel(Norm norm, int rank) -> new Residual.Laurel(norm(norm), rank);
      case Residual.AltUp r ->
          new Residual.AltUp(
              residual(r.layer()),
              r.streams(),
              r.active(),
              norm(r.norm()),
              input(r.input()),
              r.scaledInput(),
              r.bound());
      case Residual.WithInput(Residual layer, LayerInput input) ->
          new Residual.WithInput(residual(layer), input(input));
      case Residual.HyperConnected(Norm norm, var wiring) ->
          new Residual.HyperConnected(norm(norm), wiring);
      case Residual.Rescaled(Residual layer) -> new Residual.Rescaled(residual(layer));
    };
  }

  private static LayerInput input(LayerInput input) {
    return new LayerInput(input.size(), input.activation(), norm(input.norm()));
  }

  private static Mixer mixer(Mixer mixer) {
    if (!(mixer instanceof GroupedQueryAttention attention)) {
      return mixer;
    }
    QkNorm qkNorm =
        switch (attention.qkNorm()) {
          case QkNorm.None none -> none;
          case QkNorm.PerHead(Norm norm) -> new QkNorm.PerHead(norm(norm));
          case QkNorm.Whole(Norm norm) -> new QkNorm.Whole(norm(norm));
          case QkNorm.UnitLength unit -> unit;
          case QkNorm.Rotated(Norm norm) -> new QkNorm.Rotated(norm(norm));
        };
    return attention.withQkNorm(qkNorm).withPosition(position(attention.position()));
  }

  private static Position position(Position position) {
    return position instanceof Position.Rotary rotary
        ? new Position.Rotary(
            rotary.theta(),
            rotary.rotaryDim(),
            rotary.pairing() == Pairing.NEIGHBOURS ? Pairing.HALVES : rotary.pairing(),
            scaling(rotary))
        : position;
  }

  private static RopeScaling scaling(Position.Rotary rotary) {
    return switch (rotary.scaling()) {
      case RopeScaling.Llama3 llama3 -> new RopeScaling.Divisors(divisors(rotary, llama3));
      case RopeScaling.Proportional rule ->
          new RopeScaling.Divisors(divisors(rotary.rotaryDim() / 2, rule));
      case RopeScaling.LongRope rule ->
          rule.attentionFactor() == 1 && rule.shortFactors().equals(rule.longFactors())
              ? new RopeScaling.Divisors(rule.longFactors())
              : rule;
      case RopeScaling.None none -> none;
      case RopeScaling.Linear linear -> linear;
      case RopeScaling.Yarn yarn -> yarn;
      case RopeScaling.Divisors divisors -> divisors;
    };
  }

  private static FeedForward feedForward(FeedForward feedForward) {
    return switch (feedForward) {
      case Mlp mlp -> mlp;
      case GatedMlp mlp -> mlp;
      case MixtureOfExperts moe -> experts(moe);
      case DenseAndMoe both -> new DenseAndMoe(both.dense(), experts(both.experts()), both.scale());
      case NormedDenseAndMoe both ->
          new NormedDenseAndMoe(both.dense(), experts(both.experts()), norm(both.norm()));
    };
  }

  /** One group is none. */
  private static MixtureOfExperts experts(MixtureOfExperts moe) {
    Router router = moe.router();
    Router plain =
        new Router(
            router.topK(),
            router.scoring(),
            router.bias(),
            router.correctionBias(),
            router.groups().count() == 1 ? Router.Groups.NONE : router.groups(),
            router.renormalise(),
            router.scale(),
            router.softCap(),
            norm(router.inputNorm()),
            router.inputScale(),
            router.expertScale(),
            router.tokenTable());
    return new MixtureOfExperts(
        moe.numExperts(), plain, moe.expert(), moe.shared(), moe.sharedGate(), moe.weighting());
  }

  private static Norm norm(Norm norm) {
    return norm instanceof Norm.Rms(double epsilon, Norm.Gain gain)
            && gain == Norm.Gain.ONE_PLUS_WEIGHT
        ? new Norm.Rms(epsilon, Norm.Gain.WEIGHT)
        : norm;
  }

  /** What each frequency is divided by under Llama 3's rule, rounded to f32. */
  static List<Double> divisors(Position.Rotary rotary, RopeScaling.Llama3 scaling) {
    List<Double> divisors = new ArrayList<>();
    for (int i = 0; i < rotary.rotaryDim() / 2; i++) {
      double wavelength = 2 * Math.PI * Math.pow(rotary.theta(), 2.0 * i / rotary.rotaryDim());
      double turns = scaling.originalContext() / wavelength;
      double kept =
          (turns - scaling.lowFrequencyFactor())
              / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
      double smooth = Math.clamp(kept, 0, 1);
      divisors.add((double) (float) (1 / ((1 - smooth) / scaling.factor() + smooth)));
    }
    return divisors;
  }

  private static List<Double> divisors(int pairs, RopeScaling.Proportional rule) {
    List<Double> divisors = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      divisors.add(i < rule.pairs() ? rule.factor() : STANDSTILL);
    }
    return divisors;
  }
}
