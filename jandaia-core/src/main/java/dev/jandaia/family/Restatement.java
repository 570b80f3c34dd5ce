package dev.jandaia.family;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;

/**
 * A model in the conventions of another format: which rows change places and which values change.
 *
 * @param spec the model as it is
 * @param stored the same model as the format reads it back
 */
record Restatement(ModelSpec spec, ModelSpec stored) {

  /**
   * @param format named in errors
   * @throws JandaiaException if the two are not the same model; the message names the first
   *     difference
   */
  static Restatement of(String format, ModelSpec spec, ModelSpec stored) {
    SpecDiff.firstBeyondSingle(CommonForm.of(spec), CommonForm.of(stored))
        .ifPresent(difference -> {
          throw new JandaiaException(
              "%s cannot express this %s (asked, possible): %s"
                  .formatted(format, spec.family(), difference));
        });
    return new Restatement(spec, stored);
  }

  /** How a parameter fills a view of a stored tensor. */
  PlannedTensor.Source source(ParameterSpec parameter, TensorView view) {
    return source(parameter, parameter.path(), view);
  }

  /**
   * @param path of the parameter in this model, where it is a part of the one it belongs to
   */
  PlannedTensor.Source source(ParameterSpec parameter, String path, TensorView view) {
    return new PlannedTensor.Source(parameter, view, order(path), change(path));
  }

  private RowOrder order(String path) {
    if (!path.matches("blocks\\.\\d+\\.mixer\\.(query|key)(Norm)?\\.(weight|bias)")) {
      return RowOrder.KEPT;
    }
    int layer = Integer.parseInt(path.split("\\.")[1]);
    if (!(spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention from)
        || !(stored.blocks().get(layer).mixer() instanceof GroupedQueryAttention to)
        || !(from.position() instanceof Position.Rotary before)
        || !(to.position() instanceof Position.Rotary after)
        || before.pairing() == after.pairing()) {
      return RowOrder.KEPT;
    }
    return new RowOrder(from.headDim(), before.rotaryDim(), after.pairing() == Pairing.NEIGHBOURS);
  }

  /** Norms inside linear attention have plain weights in every format. */
  private ValueChange change(String path) {
    boolean gain = path.matches(".*[nN]orm\\.weight") && !path.endsWith(".mixer.norm.weight");
    if (!gain || isCentred(spec) == isCentred(stored)) {
      return ValueChange.NONE;
    }
    return isCentred(spec) ? ValueChange.PLUS_ONE : ValueChange.MINUS_ONE;
  }

  private static boolean isCentred(ModelSpec spec) {
    return spec.finalNorm() instanceof Norm.Rms(_, Norm.Gain gain)
        && gain == Norm.Gain.ONE_PLUS_WEIGHT;
  }
}
