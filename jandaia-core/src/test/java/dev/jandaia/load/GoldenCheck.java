package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import java.util.Arrays;

/** Everything that a golden case records, however the tokens are fed. */
record GoldenCheck(LanguageModel model, Compute compute, GoldenCase golden) {

  /** Relative to the largest magnitude of the reference. */
  private static final double TOLERANCE = 2e-4;

  void all() {
    if (golden.has("hidden_0")) {
      hiddenStates();
    }
    prefillInOnePiece();
    prefillTokenByToken();
    prefillInTwoPieces();
    prefillBatched();
    greedyContinuation();
  }

  void hiddenStates() {
    int[] ids = golden.ids("input_ids")[0];
    Batch batch = batch(sequence(ids.length), ids);
    int mark = compute.mark();
    Matrix hidden =
        model.hidden(
            compute,
            batch,
            (layer, x) -> {
              if (golden.has("hidden_" + layer)) {
                close("hidden_" + layer, golden.floats("hidden_" + layer), x.data(), 0, x.size());
              }
            });
    close("hidden_norm", golden.floats("hidden_norm"), hidden.data(), 0, hidden.size());
    compute.release(mark);
  }

  void prefillInOnePiece() {
    int[][] ids = golden.ids("input_ids");
    for (int row = 0; row < ids.length; row++) {
      assertLogits("one piece", row, logits(batch(sequence(ids[row].length), ids[row])));
    }
  }

  void prefillTokenByToken() {
    int[][] ids = golden.ids("input_ids");
    for (int row = 0; row < ids.length; row++) {
      SequenceCache cache = sequence(ids[row].length);
      float[] all = new float[ids[row].length * model.spec().vocabSize()];
      for (int t = 0; t < ids[row].length; t++) {
        float[] one = logits(batch(cache, new int[] {ids[row][t]}));
        System.arraycopy(one, 0, all, t * one.length, one.length);
      }
      assertLogits("token by token", row, all);
    }
  }

  void prefillInTwoPieces() {
    int[] ids = golden.ids("input_ids")[0];
    int split = ids.length * 2 / 3;
    SequenceCache cache = sequence(ids.length);
    float[] first = logits(batch(cache, Arrays.copyOf(ids, split)));
    float[] second = logits(batch(cache, Arrays.copyOfRange(ids, split, ids.length)));
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    assertLogits("two pieces", 0, all);
  }

  void prefillBatched() {
    int[][] ids = golden.ids("input_ids");
    Batch batch = new Batch();
    for (int[] row : ids) {
      batch.add(model.newSequence(), row, 0, row.length);
    }
    float[] all = logits(batch);
    close("batched", golden.floats("logits"), all, 0, all.length);
  }

  void greedyContinuation() {
    int[] prompt = golden.ids("input_ids")[0];
    int[] expected = golden.ids("greedy_ids")[0];
    float[] expectedLogits = golden.floats("decode_logits");
    int vocab = model.spec().vocabSize();
    SequenceCache cache = model.newSequence();
    float[] logits = lastRow(logits(batch(cache, prompt)), vocab);
    int[] actual = new int[expected.length];
    for (int i = 0; i < expected.length; i++) {
      float[] reference = Arrays.copyOfRange(expectedLogits, i * vocab, (i + 1) * vocab);
      close("decode_logits " + i, reference, logits, 0, vocab);
      actual[i] = argmax(logits);
      logits = logits(batch(cache, new int[] {actual[i]}));
    }
    assertArrayEquals(expected, actual, "greedy ids");
  }

  /** A sequence whose length is known before: pieces of it are what they are in the whole. */
  private SequenceCache sequence(int length) {
    SequenceCache cache = model.newSequence();
    cache.announce(length);
    return cache;
  }

  private float[] logits(Batch batch) {
    int mark = compute.mark();
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    Matrix logits = model.logits(compute, hidden);
    float[] copy = Arrays.copyOf(logits.data(), logits.size());
    compute.release(mark);
    return copy;
  }

  private void assertLogits(String what, int row, float[] actual) {
    float[] all = golden.floats("logits");
    float[] expected = Arrays.copyOfRange(all, row * actual.length, (row + 1) * actual.length);
    close("logits " + what, expected, actual, 0, actual.length);
  }

  private static Batch batch(SequenceCache cache, int[] ids) {
    Batch batch = new Batch();
    batch.add(cache, ids, 0, ids.length);
    return batch;
  }

  private static float[] lastRow(float[] logits, int vocab) {
    return Arrays.copyOfRange(logits, logits.length - vocab, logits.length);
  }

  private static int argmax(float[] x) {
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      best = x[i] > x[best] ? i : best;
    }
    return best;
  }

  private static void close(String what, float[] expected, float[] actual, int offset, int length) {
    assertEquals(expected.length, length, what + ": size");
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double difference = Math.abs(expected[i] - actual[offset + i]);
      worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
    }
    double relative = worst / largest;
    assertTrue(
        relative <= TOLERANCE, "%s: off by %.3g of the largest value".formatted(what, relative));
  }
}
