package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Span;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link SelectKeys} against a sort of all scores, however the sequence is cut into pieces. */
class SelectKeysTest {
  private static final int LENGTH = 150;
  private static final int DIM = 4;
  private static final Past PAST = chunk -> chunk.cache().indexKeys(0);

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void choosesTheHighestAndTheEarlierOfEquals(Setup setup) {
    for (int topK : new int[] {1, 2, 7, 64, 100, 149, 200}) {
      for (int heads : new int[] {1, 4}) {
        setup.run(compute -> new Run(compute, topK, heads).check());
      }
    }
  }

  /** Small integers and scales of ½: sums are exact and most scores have equals. */
  private static final class Run {
    private final Compute compute;
    private final int topK;
    private final int heads;
    private final Random random = new Random(3);
    private final Matrix q;
    private final Matrix k;
    private final Matrix w;

    Run(Compute compute, int topK, int heads) {
      this.compute = compute;
      this.topK = topK;
      this.heads = heads;
      q = integers(heads * DIM);
      k = integers(DIM);
      w = integers(heads);
    }

    private Matrix integers(int cols) {
      Matrix matrix = Matrix.of(LENGTH, cols);
      for (int i = 0; i < matrix.size(); i++) {
        matrix.data()[i] = random.nextInt(5) - 2;
      }
      return matrix;
    }

    void check() {
      SequenceCache cache = SequenceCache.of(spec());
      Batch batch = new Batch();
      while (cache.position() < LENGTH) {
        int start = cache.position();
        int count = Math.min(LENGTH - start, 1 + random.nextInt(90));
        batch.clear();
        batch.add(cache, new int[count], 0, count);
        Matrix keys = rows(k, start, count);
        SelectKeys.apply(
            compute, batch, 1, PAST, topK, rows(q, start, count), keys, rows(w, start, count));
        for (int t = 0; t < count; t++) {
          assertArrayEquals(expected(start + t), chosen(batch.selection(), t));
        }
        cache.indexKeys(0).append(keys.data(), 0, DIM, keys.data(), 0, DIM, count);
        cache.advance(count);
      }
    }

    private static Matrix rows(Matrix all, int from, int count) {
      Matrix rows = Matrix.of(count, all.cols());
      System.arraycopy(all.data(), all.offset(from), rows.data(), 0, rows.size());
      return rows;
    }

    private static int[] chosen(KeySelection selection, int row) {
      int first = selection.first(row);
      return Arrays.copyOfRange(selection.positions(), first, first + selection.count(row));
    }

    private int[] expected(int query) {
      return IntStream.rangeClosed(0, query)
          .boxed()
          .sorted(Comparator.comparing((Integer s) -> -score(query, s)).thenComparing(s -> s))
          .limit(topK)
          .mapToInt(Integer::intValue)
          .sorted()
          .toArray();
    }

    /** In whole numbers: the positive factors change no order. */
    private int score(int query, int key) {
      int sum = 0;
      for (int head = 0; head < heads; head++) {
        int dot = 0;
        for (int d = 0; d < DIM; d++) {
          dot += (int) (q.data()[q.offset(query) + head * DIM + d] * k.data()[k.offset(key) + d]);
        }
        sum += (int) w.data()[w.offset(query) + head] * Math.max(0, dot);
      }
      return sum;
    }

    private ModelSpec spec() {
      Indexer indexer = new Indexer(heads, DIM, Norm.NONE, Position.NONE);
      Span span = new Span.Sparse(Optional.of(indexer), topK);
      return Sequences.oneLayer(
          new LatentAttention(1, 2, 4, 2, 2, 3, false, false, Norm.NONE, Position.NONE, span, 0.4));
    }
  }
}
