package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.SpecZoo.Named;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.JandaiaException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sequence has one sequence of logits, in however many pieces and in whatever company it is read.
 */
class ModelInvariantsTest {
  private static final int LENGTH = 200;
  private static final int[] IDS = RandomModel.ids(LENGTH, 1);

  /** Of the largest logit; sums in f32 are taken in different orders. */
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void aCacheGivesWhatNoCacheGives(Named named) {
    with(named, (model, compute) -> assertClose(whole(model, compute), prefill(model, compute)));
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void decodeMatchesFullForward(Named named) {
    with(
        named,
        (model, compute) -> {
          SequenceCache cache = model.newSequence();
          float[] tokenByToken = new float[LENGTH * SpecZoo.VOCAB];
          for (int t = 0; t < LENGTH; t++) {
            read(model, compute, cache, t, 1, tokenByToken);
          }
          assertEquals(LENGTH, cache.position());
          assertClose(whole(model, compute), tokenByToken);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void prefillInRandomPiecesMatchesFullForward(Named named) {
    with(
        named,
        (model, compute) -> {
          float[] whole = whole(model, compute);
          for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            SequenceCache cache = model.newSequence();
            float[] inPieces = new float[LENGTH * SpecZoo.VOCAB];
            while (cache.position() < LENGTH) {
              int left = LENGTH - cache.position();
              int count = Math.min(left, 1 + random.nextInt(seed == 0 ? 5 : 120));
              read(model, compute, cache, cache.position(), count, inPieces);
            }
            assertClose(whole, inPieces);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void companyInABatchChangesNothing(Named named) {
    with(
        named,
        (model, compute) -> {
          float[] alone = whole(model, compute);
          int[] others = RandomModel.ids(90, 2);
          SequenceCache ahead = model.newSequence();
          RandomModel.logits(model, compute, ahead, others, 0, 70);
          SequenceCache cache = model.newSequence();
          float[] inCompany = new float[alone.length];
          for (int[] piece : new int[][] {{0, 50}, {50, 1}, {51, 1}, {52, 100}, {152, 48}}) {
            Batch batch = new Batch();
            batch.add(model.newSequence(), others, 0, 13);
            batch.add(cache, IDS, piece[0], piece[1]);
            batch.add(ahead, others, 70, 1);
            float[] logits = RandomModel.logits(model, compute, batch);
            int vocab = SpecZoo.VOCAB;
            int to = piece[0] * vocab;
            System.arraycopy(logits, 13 * vocab, inCompany, to, piece[1] * vocab);
          }
          assertClose(alone, inCompany);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void nextTokenLogitsAreThoseOfTheLastRows(Named named) {
    with(
        named,
        (model, compute) -> {
          float[] whole = whole(model, compute);
          Batch batch = new Batch();
          for (int count : new int[] {7, 1, 30}) {
            batch.add(model.newSequence(), IDS, 0, count);
          }
          Matrix logits = model.nextTokenLogits(compute, batch);
          assertEquals(3, logits.rows());
          int row = 0;
          for (int count : new int[] {7, 1, 30}) {
            int vocab = SpecZoo.VOCAB;
            float[] expected = Arrays.copyOfRange(whole, (count - 1) * vocab, count * vocab);
            int offset = logits.offset(row++);
            assertClose(expected, Arrays.copyOfRange(logits.data(), offset, offset + vocab));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void forksContinueEachInItsOwnWay(Named named) {
    with(
        named,
        (model, compute) -> {
          for (int common : new int[] {1, 64, 140}) {
            SequenceCache cache = model.newSequence();
            RandomModel.logits(model, compute, cache, IDS, 0, common);
            SequenceCache fork = cache.fork();
            int[] others = RandomModel.ids(30, 3);
            float[] other = RandomModel.logits(model, compute, fork, others, 0, 30);
            float[] own = new float[LENGTH * SpecZoo.VOCAB];
            read(model, compute, cache, common, 30, own);
            int from = common * SpecZoo.VOCAB;
            int to = from + 30 * SpecZoo.VOCAB;
            float[] whole = Arrays.copyOfRange(whole(model, compute), from, to);
            assertClose(whole, Arrays.copyOfRange(own, from, to));
            int[] joined = Arrays.copyOf(IDS, common + 30);
            System.arraycopy(others, 0, joined, common, 30);
            float[] anew =
                RandomModel.logits(model, compute, model.newSequence(), joined, 0, joined.length);
            assertClose(Arrays.copyOfRange(anew, from, to), other);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void goingBackAndReadingAgainGivesTheSameLogits(Named named) {
    with(
        named,
        (model, compute) -> {
          float[] whole = whole(model, compute);
          for (int[] turn : new int[][] {{100, 99}, {129, 128}, {140, 130}, {50, 1}, {150, 0}}) {
            SequenceCache cache = model.newSequence();
            if (turn[1] > 0) {
              RandomModel.logits(model, compute, cache, IDS, 0, turn[1]);
            }
            int[] rejected = RandomModel.ids(turn[0] - turn[1], 4);
            RandomModel.logits(model, compute, cache, rejected, 0, rejected.length);
            cache.truncate(turn[1]);
            assertEquals(turn[1], cache.position());
            float[] again = whole.clone();
            Arrays.fill(again, turn[1] * SpecZoo.VOCAB, again.length, 0);
            read(model, compute, cache, turn[1], LENGTH - turn[1], again);
            assertClose(whole, again);
          }
        });
  }

  /**
   * To the bit with the scalar kernels. The fast ones split a product between threads at another
   * place, which may change the order of a sum, so they are only held to the tolerance.
   */
  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void theNumberOfThreadsChangesNothing(Named named) {
    try (Workers one = Workers.of(1);
        Workers two = Workers.of(2)) {
      for (Kernels kernels : new Kernels[] {Kernels.scalar(), Kernels.best()}) {
        LanguageModel model = RandomModel.of(named.spec(), kernels);
        float[] alone = prefill(model, new Compute(kernels, one));
        float[] together = prefill(model, new Compute(kernels, two));
        if (kernels.name().equals("scalar")) {
          assertArrayEquals(alone, together);
        } else {
          assertClose(alone, together);
        }
        assertArrayEquals(
            greedy(model, new Compute(kernels, one)), greedy(model, new Compute(kernels, two)));
      }
    }
  }

  @Test
  void aSequenceLongerThanTheLearnedPositionsIsRefused() {
    with(
        SpecZoo.byName("learned-positions"),
        (model, compute) -> {
          SequenceCache cache = model.newSequence();
          int[] ids = RandomModel.ids(SpecZoo.CONTEXT + 1, 1);
          RandomModel.logits(model, compute, cache, ids, 0, SpecZoo.CONTEXT - 1);
          JandaiaException thrown =
              assertThrows(
                  JandaiaException.class,
                  () -> RandomModel.logits(model, compute, cache, ids, 0, 2));
          assertEquals(
              "embedding.positions.weight: expected a sequence of at most 600 tokens, found 601",
              thrown.getMessage());
          assertEquals(SpecZoo.CONTEXT - 1, cache.position());
          assertEquals(SpecZoo.CONTEXT - 1, cache.layer(0).end());
          RandomModel.logits(model, compute, cache, ids, 0, 1);
        });
  }

  private static void with(Named named, BiConsumer<LanguageModel, Compute> body) {
    try (Workers workers = Workers.of(2)) {
      Kernels kernels = Kernels.best();
      body.accept(RandomModel.of(named.spec(), kernels), new Compute(kernels, workers));
    }
  }

  /** All logits of the sequence seen whole, without a cache. */
  private static float[] whole(LanguageModel model, Compute compute) {
    SequenceCache none = SequenceCache.none(model.spec());
    return RandomModel.logits(model, compute, none, IDS, 0, LENGTH);
  }

  private static float[] prefill(LanguageModel model, Compute compute) {
    return RandomModel.logits(model, compute, model.newSequence(), IDS, 0, LENGTH);
  }

  private static void read(
      LanguageModel model, Compute compute, SequenceCache cache, int from, int count, float[] all) {
    float[] logits = RandomModel.logits(model, compute, cache, IDS, from, count);
    System.arraycopy(logits, 0, all, from * SpecZoo.VOCAB, logits.length);
  }

  private static int[] greedy(LanguageModel model, Compute compute) {
    SequenceCache cache = model.newSequence();
    int[] ids = new int[60];
    for (int i = 0; i + 1 < ids.length; i++) {
      float[] logits = RandomModel.logits(model, compute, cache, ids, i, 1);
      for (int id = 1; id < logits.length; id++) {
        ids[i + 1] = logits[id] > logits[ids[i + 1]] ? id : ids[i + 1];
      }
    }
    return ids;
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    double worst = 0;
    int where = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double difference = Math.abs((double) expected[i] - actual[i]);
      if (!(difference <= worst)) {
        worst = difference;
        where = i / SpecZoo.VOCAB;
      }
    }
    double relative = worst / largest;
    int row = where;
    assertTrue(relative <= TOLERANCE, () -> "row %d off by %.3g".formatted(row, relative));
  }
}
