package dev.jandaia.model;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

/** A model of random weights, each parameter from a seed of its own. */
final class RandomModel {
  private RandomModel() {}

  static LanguageModel of(ModelSpec spec, Kernels kernels) {
    return new LanguageModel(spec, weights(kernels));
  }

  /** The weights of such a model, as it will ask for them. */
  static TrainableWeights weights(Kernels kernels) {
    return new TrainableWeights(new Start(), kernels, Arena.ofAuto());
  }

  /** Strong enough that attention, gates and routers decide clearly. */
  private static final class Start implements TrainableWeights.Start {
    @Override
    public void matrix(String path, int rows, int cols, float[] values) {
      fill(path, values, 1.2 / Math.sqrt(cols), 0);
    }

    @Override
    public void vector(String path, float[] values) {
      fill(path, values, 0.2, path.endsWith("orm.weight") ? 0.8 : 0);
    }

    private static void fill(String path, float[] values, double deviation, double mean) {
      Random random = new Random(path.hashCode());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (mean + deviation * random.nextGaussian());
      }
    }
  }

  static int[] ids(int length, long seed) {
    return new Random(seed).ints(length, 0, SpecZoo.VOCAB).toArray();
  }

  /** Logits of {@code count} further tokens of a sequence, {@code [count, V]}. */
  static float[] logits(
      LanguageModel model, Compute compute, SequenceCache cache, int[] ids, int from, int count) {
    Batch batch = new Batch();
    batch.add(cache, ids, from, count);
    return logits(model, compute, batch);
  }

  /** Logits of all rows of a batch. */
  static float[] logits(LanguageModel model, Compute compute, Batch batch) {
    int mark = compute.mark();
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    Matrix logits = model.logits(compute, hidden);
    float[] copy = Arrays.copyOf(logits.data(), logits.size());
    compute.release(mark);
    return copy;
  }
}
