package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A sequence that outgrows the original context without having been announced as long. */
class LongRopeTest {

  @Test
  void lateLogitsAreThoseOfTheWholeSequence() {
    try (LoadedModel loaded = LoadedModel.open(Goldens.file("phi3"), Kernels.best());
        GoldenCase golden = new GoldenCase(Goldens.file("phi3/golden.safetensors"));
        Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.best(), workers);
      LanguageModel model = loaded.model();
      int[] ids = golden.ids("input_ids")[0];
      int vocab = model.spec().vocabSize();
      float[] expected = golden.floats("logits");
      SequenceCache first = model.newSequence();
      SequenceCache second = model.newSequence();
      feed(compute, model, first, Arrays.copyOf(ids, 10));
      feed(compute, model, second, Arrays.copyOf(ids, 13));
      SequenceCache fork = second.fork();
      for (int t = 10; t < 16; t++) {
        feed(compute, model, first, ids[t]);
      }
      assertRow(expected, 16, feed(compute, model, first, ids[16]), vocab);
      assertRow(expected, 17, feed(compute, model, first, ids[17]), vocab);
      assertRow(expected, 20, feed(compute, model, second, Arrays.copyOfRange(ids, 13, 21)), vocab);
      assertRow(expected, 23, feed(compute, model, fork, Arrays.copyOfRange(ids, 13, 24)), vocab);
      // Going back does not shorten what is remembered: it stays rotated for the long sequence.
      first.truncate(12);
      float[] logits = feed(compute, model, first, Arrays.copyOfRange(ids, 12, 15));
      assertRow(expected, 14, logits, vocab);
    }
  }

  private static float[] feed(
      Compute compute, LanguageModel model, SequenceCache cache, int... ids) {
    Batch batch = new Batch();
    batch.add(cache, ids, 0, ids.length);
    int mark = compute.mark();
    Matrix logits = model.nextTokenLogits(compute, batch);
    float[] copy = Arrays.copyOf(logits.data(), logits.size());
    compute.release(mark);
    return copy;
  }

  private static void assertRow(float[] expected, int position, float[] logits, int vocab) {
    for (int i = 0; i < vocab; i++) {
      assertEquals(expected[position * vocab + i], logits[i], 2e-4, "position " + position);
    }
  }
}
