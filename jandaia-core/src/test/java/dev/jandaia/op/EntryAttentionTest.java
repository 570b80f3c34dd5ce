package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.CompressedCache;
import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Position;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link EntryAttention} whole and in pieces, forward and backward, against a sum over all keys.
 */
class EntryAttentionTest {
  private static final int DIM = 4;

  /** Heads, window, tokens per entry, share of entries that are chosen, sequence lengths. */
  private record Case(int heads, int window, int rate, double density, int... lengths) {
    /** With a share of one all entries are seen without being chosen. */
    boolean chooses() {
      return density < 1;
    }

    AttentionShape shape() {
      return new AttentionShape(heads, 1, DIM, DIM, 0.4f, 0, window);
    }
  }

  private static final Case[] CASES = {
    new Case(1, 1, 1, 1, 1),
    new Case(3, 2, 4, 1, 3),
    new Case(2, 3, 2, 1, 9, 1, 4),
    new Case(2, 9, 2, 1, 150),
    new Case(3, 5, 3, 0.5, 20, 7),
    new Case(2, 70, 1, 0.7, 150, 3),
    new Case(2, 9, 2, 0.2, 150)
  };

  /** Chooses entries by chance, the same whenever it is asked. */
  private static boolean chosen(Case c, int sequence, int position, int entry) {
    boolean visible = (entry + 1) * c.rate() <= position + 1;
    long seed = 31L * (31L * sequence + position) + entry;
    return visible && new Random(seed * 7_919).nextDouble() < c.density();
  }

  private static void choose(Case c, Batch batch, int[] sequences) {
    KeySelection selection = batch.selection();
    selection.start(batch, Integer.MAX_VALUE);
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      for (int t = 0; t < chunk.rows(); t++) {
        int position = chunk.start() + t;
        int row = chunk.firstRow() + t;
        int count = 0;
        for (int e = 0; e < batch.entries().visible(position); e++) {
          if (chosen(c, sequences[i], position, e)) {
            selection.positions()[selection.first(row) + count++] = e;
          }
        }
        selection.setCount(row, count);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void wholeSequencesForwardAndBackward(Setup setup) {
    setup.run(compute -> {
      for (Case c : CASES) {
        Batch batch = Sequences.whole(c.lengths());
        batch.compress(c.rate());
        choose(c, batch, sequences(c));
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix q = check.matrix(batch.size(), c.heads() * DIM);
        Matrix k = check.matrix(batch.size(), DIM);
        Matrix entries = check.matrix(batch.entries().count(), DIM);
        VectorParameter sinks = check.vector(c.heads());
        check.check(
            () ->
                EntryAttention.apply(
                    compute, c.shape(), batch, NONE, q, k, entries, c.chooses(), sinks),
            in -> naive(c, in[0], in[1], in[2], in[3]));
      }
    });
  }

  private static int[] sequences(Case c) {
    int[] sequences = new int[c.lengths().length];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = i;
    }
    return sequences;
  }

  private static final EntryAttention.Caches NONE =
      new EntryAttention.Caches() {
        @Override
        public KeyValueCache window(Batch.Chunk chunk) {
          return chunk.cache().layer(0);
        }

        @Override
        public KeyValueCache entries(Batch.Chunk chunk) {
          return chunk.cache().layer(0);
        }
      };

  private static double[] naive(Case c, double[] q, double[] k, double[] entries, double[] sinks) {
    double[] out = new double[q.length];
    int firstRow = 0;
    int firstEntry = 0;
    for (int s = 0; s < c.lengths().length; s++) {
      for (int t = 0; t < c.lengths()[s]; t++) {
        for (int head = 0; head < c.heads(); head++) {
          int query = ((firstRow + t) * c.heads() + head) * DIM;
          double sum = Math.exp(sinks[head]);
          for (int u = Math.max(0, t - c.window() + 1); u <= t; u++) {
            sum += add(q, query, k, (firstRow + u) * DIM, out);
          }
          for (int e = 0; e < c.lengths()[s] / c.rate(); e++) {
            sum += chosen(c, s, t, e) ? add(q, query, entries, (firstEntry + e) * DIM, out) : 0;
          }
          for (int d = 0; d < DIM; d++) {
            out[query + d] /= sum;
          }
        }
      }
      firstRow += c.lengths()[s];
      firstEntry += c.lengths()[s] / c.rate();
    }
    return out;
  }

  /** Adds one weighted value, and returns its weight. */
  private static double add(double[] q, int query, double[] keys, int key, double[] out) {
    double score = 0;
    for (int d = 0; d < DIM; d++) {
      score += 0.4f * q[query + d] * keys[key + d];
    }
    for (int d = 0; d < DIM; d++) {
      out[query + d] += Math.exp(score) * keys[key + d];
    }
    return Math.exp(score);
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesSeeWhatTheWholeSees(Setup setup) {
    setup.run(compute -> {
      for (Case c : CASES) {
        if (c.lengths().length == 1) {
          new Pieces(compute, c).check();
        }
      }
    });
  }

  /** One sequence, fed in random pieces through caches. */
  private static final class Pieces implements EntryAttention.Caches {
    private final Compute compute;
    private final Case c;
    private final KeyValueCache window;
    private final KeyValueCache past;
    private final Random random = new Random(5);

    Pieces(Compute compute, Case c) {
      this.compute = compute;
      this.c = c;
      CompressedCache layer = Sequences.compressed(DIM, c.window(), c.rate(), false);
      this.window = layer.window();
      this.past = layer.compressed().entries();
    }

    @Override
    public KeyValueCache window(Batch.Chunk chunk) {
      return window;
    }

    @Override
    public KeyValueCache entries(Batch.Chunk chunk) {
      return past;
    }

    void check() {
      int length = c.lengths()[0];
      float[] q = gaussians(length * c.heads() * DIM);
      float[] k = gaussians(length * DIM);
      float[] entries = gaussians(length / c.rate() * DIM);
      float[] sinks = gaussians(c.heads());
      double[] expected = naive(c, widen(q), widen(k), widen(entries), widen(sinks));
      SequenceCache cache =
          SequenceCache.none(Sequences.oneLayer(GroupedQueryAttention.of(1, 1, 2, Position.NONE)));
      Batch batch = new Batch();
      while (cache.position() < length) {
        int start = cache.position();
        int count = Math.min(length - start, 1 + random.nextInt(90));
        batch.clear();
        batch.add(cache, new int[count], 0, count);
        batch.compress(c.rate());
        choose(c, batch, new int[] {0});
        Matrix keys = rows(k, DIM, start, count);
        Matrix made = rows(entries, DIM, past.end(), batch.entries().count());
        Matrix out =
            EntryAttention.apply(
                compute,
                c.shape(),
                batch,
                this,
                rows(q, c.heads() * DIM, start, count),
                keys,
                made,
                c.chooses(),
                new VectorParameter("sinks", sinks));
        for (int i = 0; i < out.size(); i++) {
          assertEquals(expected[start * c.heads() * DIM + i], out.data()[i], 1e-5);
        }
        window.append(keys.data(), 0, DIM, keys.data(), 0, DIM, count);
        past.append(made.data(), 0, DIM, made.data(), 0, DIM, made.rows());
        cache.advance(count);
      }
    }

    private float[] gaussians(int size) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    private static Matrix rows(float[] all, int cols, int from, int count) {
      Matrix rows = Matrix.of(count, cols);
      System.arraycopy(all, from * cols, rows.data(), 0, rows.size());
      return rows;
    }

    private static double[] widen(float[] values) {
      double[] wide = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        wide[i] = values[i];
      }
      return wide;
    }
  }
}
