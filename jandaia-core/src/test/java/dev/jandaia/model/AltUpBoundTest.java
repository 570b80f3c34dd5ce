package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Residual;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Gemma 3n's bound on the coefficients of its streams holds while they are trained. */
class AltUpBoundTest {
  private static final double BOUND = 0.25;

  @Test
  void coefficientsAreBoundedWhileTheyAreTrainedAndOnlyThen() {
    ModelSpec spec = bounded(SpecZoo.byName("streams-shortcut-sparse").spec());
    TrainableWeights weights = RandomModel.weights(Kernels.best());
    LanguageModel model = new LanguageModel(spec, weights);
    try (Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.best(), workers);
      float before = largest(weights, "prediction");
      assertTrue(before > BOUND);
      pass(model, compute);
      assertEquals(before, largest(weights, "prediction"));
      compute.startRecording();
      pass(model, compute);
      compute.stopRecording(0);
      assertEquals((float) BOUND, largest(weights, "prediction"));
      assertEquals((float) BOUND, largest(weights, "correction"));
      assertTrue(largest(weights, "router") > BOUND);
    }
  }

  private static void pass(LanguageModel model, Compute compute) {
    Batch batch = new Batch();
    batch.add(SequenceCache.none(model.spec()), RandomModel.ids(3, 1), 0, 3);
    model.hidden(compute, batch, LanguageModel.Observer.NONE);
  }

  private static float largest(TrainableWeights weights, String name) {
    float largest = 0;
    for (MatrixParameter matrix : weights.matrices()) {
      if (matrix.path().endsWith(".altUp." + name + ".weight")) {
        for (long i = 0; i < (long) matrix.rows() * matrix.cols(); i++) {
          float value = matrix.tensor().data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
          largest = Math.max(largest, Math.abs(value));
        }
      }
    }
    return largest;
  }

  private static ModelSpec bounded(ModelSpec spec) {
    List<BlockSpec> blocks =
        spec.blocks().stream()
            .map(block -> {
              Residual.AltUp altUp = (Residual.AltUp) block.residual();
              return block.withResidual(
                  new Residual.AltUp(
                      altUp.layer(),
                      altUp.streams(),
                      altUp.active(),
                      altUp.norm(),
                      altUp.input(),
                      altUp.scaledInput(),
                      Optional.of(BOUND)));
            })
            .toList();
    return new ModelSpec(
        spec.family(),
        spec.vocabSize(),
        spec.hiddenSize(),
        spec.contextLength(),
        spec.embedding(),
        blocks,
        spec.finalNorm(),
        spec.head());
  }
}
