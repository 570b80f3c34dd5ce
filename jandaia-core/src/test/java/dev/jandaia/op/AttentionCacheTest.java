package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link Attention} whose past lies in a cache: however sequences are cut into pieces and mixed in
 * batches, each query gives what naive attention over the whole sequence gives.
 */
class AttentionCacheTest {
  private static final int LAYER = 0;
  private static final int[] WINDOWS = {1, 2, 7, 63, 64, 65, 100, 129, 1000};

  /** Lengths of the sequences that run side by side: one token, a block, several blocks. */
  private static final int[] LENGTHS = {1, 64, 300};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void fullCacheTokenByToken(Setup setup) {
    setup.run(compute -> new Run(compute, full(), 1).check());
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void fullCacheInPieces(Setup setup) {
    setup.run(compute -> {
      for (int longest : new int[] {3, 64, 65, 200}) {
        new Run(compute, full(), longest).check();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void slidingCacheTokenByToken(Setup setup) {
    setup.run(compute -> {
      for (int window : WINDOWS) {
        new Run(compute, full().withSpan(new Span.Sliding(window)), 1).check();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void slidingCacheInPieces(Setup setup) {
    setup.run(compute -> {
      for (int window : WINDOWS) {
        new Run(compute, full().withSpan(new Span.Sliding(window)), 90).check();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void chunkedCacheInPieces(Setup setup) {
    setup.run(compute -> {
      for (int size : WINDOWS) {
        for (int longest : new int[] {1, 90}) {
          new Run(compute, full().withSpan(new Span.Chunked(size)), longest).check();
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void latentCache(Setup setup) {
    setup.run(compute -> {
      for (Span span :
          List.of(Span.FULL, new Span.Sliding(5), new Span.Sliding(100), new Span.Chunked(70))) {
        for (int longest : new int[] {1, 90}) {
          new Run(compute, latent(span), longest).check();
        }
      }
    });
  }

  private static GroupedQueryAttention full() {
    return GroupedQueryAttention.of(4, 2, 6, Position.NONE).withScoreSoftCap(3).withSinks();
  }

  private static LatentAttention latent(Span span) {
    return new LatentAttention(3, 0, 4, 2, 2, 3, false, false, Norm.NONE, Position.NONE, span, 0.4);
  }

  private static AttentionShape shape(Mixer mixer) {
    return switch (mixer) {
      case GroupedQueryAttention a ->
          limit(
              new AttentionShape(
                  a.numHeads(),
                  a.numKvHeads(),
                  a.headDim(),
                  a.headDim(),
                  (float) a.scale(),
                  (float) a.scoreSoftCap()),
              a.span());
      case LatentAttention a ->
          limit(
              new AttentionShape(a.numHeads(), 1, a.cachedDim(), a.kvRank(), (float) a.scale(), 0),
              a.span());
      default -> throw new IllegalArgumentException("no keys and values: " + mixer);
    };
  }

  private static AttentionShape limit(AttentionShape shape, Span span) {
    return switch (span) {
      case Span.Full() -> shape;
      case Span.Sliding(int window) -> shape.withWindow(window);
      case Span.Chunked(int size) -> shape.withChunk(size);
      case Span.Sparse _ -> throw new IllegalArgumentException("chosen keys: " + span);
    };
  }

  /** One sequence: what goes in, what must come out, and how far it has come. */
  private static final class Sequence {
    private final SequenceCache cache;
    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private double[] expected = {};

    Sequence(ModelSpec spec, Matrix q, Matrix k, Matrix v) {
      cache = SequenceCache.of(spec);
      this.q = q;
      this.k = k;
      this.v = v;
    }

    int left() {
      return q.rows() - cache.position();
    }
  }

  /** Sequences of all lengths, advanced in random pieces of at most {@code longest} rows. */
  private static final class Run {
    private final Compute compute;
    private final AttentionShape shape;
    private final int longest;
    private final Random random = new Random(5);
    private final Optional<VectorParameter> sinks;
    private final List<Sequence> sequences = new ArrayList<>();

    Run(Compute compute, Mixer mixer, int longest) {
      this.compute = compute;
      this.shape = shape(mixer);
      this.longest = longest;
      boolean latent = mixer instanceof LatentAttention;
      sinks =
          latent
              ? Optional.empty()
              : Optional.of(new VectorParameter("sinks", new float[] {0, 1, -2, 0.5f}));
      ModelSpec spec = Sequences.oneLayer(mixer);
      for (int length : LENGTHS) {
        Matrix q = gaussians(length, shape.heads() * shape.keyDim());
        Matrix k = gaussians(length, shape.kvHeads() * shape.keyDim());
        Matrix v = latent ? k : gaussians(length, shape.kvHeads() * shape.valueDim());
        Sequence sequence = new Sequence(spec, q, k, v);
        sequence.expected =
            NaiveAttention.apply(
                shape,
                new int[] {length},
                widen(q),
                widen(k),
                k.cols(),
                widen(v),
                v.cols(),
                sinks.map(s -> widen(s.values())).orElse(new double[0]));
        sequences.add(sequence);
      }
    }

    void check() {
      Batch batch = new Batch();
      while (sequences.stream().anyMatch(sequence -> sequence.left() > 0)) {
        List<Sequence> running = sequences.stream().filter(s -> s.left() > 0).toList();
        batch.clear();
        for (Sequence sequence : running) {
          int count = Math.min(sequence.left(), 1 + random.nextInt(longest));
          batch.add(sequence.cache, new int[count], 0, count);
        }
        step(batch, running);
      }
    }

    private void step(Batch batch, List<Sequence> running) {
      int mark = compute.mark();
      Matrix q = compute.take(batch.size(), shape.heads() * shape.keyDim());
      Matrix k = compute.take(batch.size(), shape.kvHeads() * shape.keyDim());
      boolean shared = running.getFirst().k == running.getFirst().v;
      Matrix v = shared ? k : compute.take(batch.size(), shape.kvHeads() * shape.valueDim());
      for (int i = 0; i < running.size(); i++) {
        Batch.Chunk chunk = batch.chunk(i);
        copyRows(running.get(i).q, chunk, q);
        copyRows(running.get(i).k, chunk, k);
        copyRows(running.get(i).v, chunk, v);
      }
      Matrix out = Attention.apply(compute, shape, batch, LAYER, q, k, v, sinks);
      for (int i = 0; i < running.size(); i++) {
        Batch.Chunk chunk = batch.chunk(i);
        assertRows(running.get(i), chunk, out);
        int row = chunk.firstRow();
        SequenceCache cache = chunk.cache();
        cache
            .layer(LAYER)
            .append(
                k.data(), k.offset(row), k.cols(), v.data(), v.offset(row), v.cols(), chunk.rows());
        cache.advance(chunk.rows());
      }
      compute.release(mark);
    }

    private static void copyRows(Matrix all, Batch.Chunk chunk, Matrix target) {
      int count = chunk.rows() * all.cols();
      int to = target.offset(chunk.firstRow());
      System.arraycopy(all.data(), all.offset(chunk.start()), target.data(), to, count);
    }

    private void assertRows(Sequence sequence, Batch.Chunk chunk, Matrix out) {
      for (int i = 0; i < chunk.rows() * out.cols(); i++) {
        double expected = sequence.expected[chunk.start() * out.cols() + i];
        float actual = out.data()[out.offset(chunk.firstRow()) + i];
        int position = chunk.start() + i / out.cols();
        assertEquals(
            expected,
            actual,
            1e-5,
            () -> "position %d of %d, %s".formatted(position, sequence.q.rows(), shape));
      }
    }

    private Matrix gaussians(int rows, int cols) {
      Matrix matrix = Matrix.of(rows, cols);
      for (int i = 0; i < matrix.size(); i++) {
        matrix.data()[i] = (float) random.nextGaussian();
      }
      return matrix;
    }
  }

  private static double[] widen(Matrix matrix) {
    return widen(Arrays.copyOf(matrix.data(), matrix.size()));
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }
}
