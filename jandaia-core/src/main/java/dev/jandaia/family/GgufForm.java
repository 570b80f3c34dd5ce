package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import java.util.ArrayList;
import java.util.List;

/** The same model as a GGUF file stores it: other pairing, whole gains, divisors, f32 numbers. */
final class GgufForm {
  private final boolean neighbours;

  private GgufForm(boolean neighbours) {
    this.neighbours = neighbours;
  }

  static ModelSpec of(ModelSpec spec, String architecture) {
    GgufForm form = new GgufForm(architecture.equals("llama"));
    Embedding embedding = spec.embedding();
    return new ModelSpec(
        spec.family().equals("mistral") ? "llama" : spec.family(),
        spec.vocabSize(),
        spec.hiddenSize(),
        spec.contextLength(),
        new Embedding(embedding.scale(), embedding.learnedPositions(), form.norm(embedding.norm())),
        spec.blocks().stream().map(form::block).toList(),
        form.norm(spec.finalNorm()),
        spec.head());
  }

  private BlockSpec block(BlockSpec block) {
    return new BlockSpec(mixer(block.mixer()), block.feedForward(), residual(block.residual()));
  }

  private Residual residual(Residual residual) {
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
              r.input(),
              r.scaledInput(),
              r.bound());
      case Residual.WithInput(Residual layer, var input) ->
          new Residual.WithInput(residual(layer), input);
      case Residual.HyperConnected(Norm norm, var wiring) ->
          new Residual.HyperConnected(norm(norm), wiring);
      case Residual.Rescaled(Residual layer) -> new Residual.Rescaled(residual(layer));
    };
  }

  private Mixer mixer(Mixer mixer) {
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

  private Position position(Position position) {
    return position instanceof Position.Rotary rotary
        ? new Position.Rotary(
            single(rotary.theta()),
            rotary.rotaryDim(),
            neighbours ? Pairing.NEIGHBOURS : rotary.pairing(),
            rotary.scaling() instanceof RopeScaling.Llama3 llama3
                ? new RopeScaling.Divisors(divisors(rotary, llama3))
                : rotary.scaling())
        : position;
  }

  private Norm norm(Norm norm) {
    return switch (norm) {
      case Norm.None none -> none;
      case Norm.Rms(double epsilon, Norm.Gain gain) ->
          new Norm.Rms(
              single(epsilon), gain == Norm.Gain.ONE_PLUS_WEIGHT ? Norm.Gain.WEIGHT : gain);
      case Norm.Layer(double epsilon, boolean bias) -> new Norm.Layer(single(epsilon), bias);
    };
  }

  /** What each frequency is divided by under Llama 3's rule, rounded to f32. */
  private static List<Double> divisors(Position.Rotary rotary, RopeScaling.Llama3 scaling) {
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

  /** The shortest decimal of the nearest f32, which is how metadata are read. */
  private static double single(double value) {
    return Double.parseDouble(Float.toString((float) value));
  }
}
