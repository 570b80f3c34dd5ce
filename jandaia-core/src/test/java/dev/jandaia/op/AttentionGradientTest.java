package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Position;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Attention} over sequences seen whole, forward and backward. */
class AttentionGradientTest {
  private static final int ALL = Integer.MAX_VALUE;

  private record Case(AttentionShape shape, boolean sinks, int... lengths) {}

  private static final Case[] CASES = {
    // a single token; one head
    new Case(new AttentionShape(1, 1, 1, 1, 1, 0, ALL), false, 1),
    new Case(new AttentionShape(1, 1, 1, 1, 1, 0, 1), true, 2),
    // MHA, GQA and MQA, values narrower and wider than keys
    new Case(new AttentionShape(3, 3, 4, 4, 0.5f, 0, ALL), false, 5),
    new Case(new AttentionShape(4, 2, 5, 3, 0.4f, 0, ALL), false, 5, 1, 3),
    new Case(new AttentionShape(6, 1, 3, 5, 0.6f, 0, ALL), false, 1, 7),
    // windows, soft caps and sinks, alone and together
    new Case(new AttentionShape(4, 2, 4, 4, 0.5f, 0, 3), false, 9, 2),
    new Case(new AttentionShape(4, 2, 4, 4, 1, 1.5f, ALL), false, 6, 4),
    new Case(new AttentionShape(4, 2, 4, 4, 0.5f, 0, ALL), true, 6, 4),
    new Case(new AttentionShape(4, 2, 4, 2, 1, 2, 4), true, 11, 1, 6),
    // more keys than a block, windows below and above a block
    new Case(new AttentionShape(2, 1, 4, 3, 0.5f, 0, ALL), true, 130, 3),
    new Case(new AttentionShape(2, 2, 4, 4, 0.5f, 3, 65), false, 150),
    new Case(new AttentionShape(2, 1, 4, 4, 0.5f, 0, 64), false, 65, 140),
    // chunks
    new Case(new AttentionShape(4, 2, 4, 4, 0.5f, 0).withChunk(1), false, 4),
    new Case(new AttentionShape(4, 2, 4, 4, 0.5f, 0).withChunk(5), true, 12, 3),
    new Case(new AttentionShape(2, 1, 4, 4, 0.5f, 0).withChunk(70), false, 150)
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void matchesNaiveSoftmaxAttention(Setup setup) {
    setup.run(compute -> {
      for (Case c : CASES) {
        AttentionShape shape = c.shape();
        Batch batch = Sequences.whole(c.lengths());
        int kWidth = shape.kvHeads() * shape.keyDim();
        int vWidth = shape.kvHeads() * shape.valueDim();
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix q = check.matrix(batch.size(), shape.heads() * shape.keyDim());
        Matrix k = check.matrix(batch.size(), kWidth);
        Matrix v = check.matrix(batch.size(), vWidth);
        Optional<VectorParameter> sinks =
            c.sinks() ? Optional.of(check.vector(shape.heads())) : Optional.empty();
        check.check(
            () -> Attention.apply(compute, shape, batch, 0, q, k, v, sinks),
            in ->
                NaiveAttention.apply(
                    shape,
                    c.lengths(),
                    in[0],
                    in[1],
                    kWidth,
                    in[2],
                    vWidth,
                    c.sinks() ? in[3] : new double[0]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void keysMayHoldTheValues(Setup setup) {
    setup.run(compute -> {
      for (int[] lengths : new int[][] {{1}, {5, 3}, {90}}) {
        AttentionShape shape = new AttentionShape(3, 1, 6, 4, 0.4f, 0, ALL);
        Batch batch = Sequences.whole(lengths);
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix q = check.matrix(batch.size(), 18);
        Matrix k = check.matrix(batch.size(), 6);
        check.check(
            () -> Attention.apply(compute, shape, batch, 0, q, k, k, Optional.empty()),
            in -> NaiveAttention.apply(shape, lengths, in[0], in[1], 6, in[1], 6));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void rowsMayBeWiderThanTheHeads(Setup setup) {
    setup.run(compute -> {
      int[] lengths = {7, 2};
      AttentionShape shape = new AttentionShape(2, 2, 3, 2, 0.5f, 0, 4);
      Batch batch = Sequences.whole(lengths);
      GradientCheck check = new GradientCheck(compute, 3);
      Matrix q = check.matrix(batch.size(), 6);
      Matrix k = check.matrix(batch.size(), 8);
      Matrix v = check.matrix(batch.size(), 5);
      check.check(
          () -> Attention.apply(compute, shape, batch, 0, q, k, v, Optional.empty()),
          in -> NaiveAttention.apply(shape, lengths, in[0], in[1], 8, in[2], 5));
    });
  }

  @Test
  void aGradientOfAContinuationIsRefused() {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          AttentionShape shape = new AttentionShape(1, 1, 2, 2, 1, 0, ALL);
          SequenceCache cache =
              SequenceCache.of(
                  Sequences.oneLayer(GroupedQueryAttention.of(1, 1, 2, Position.NONE)));
          cache.layer(0).append(new float[2], 0, 2, new float[2], 0, 2, 1);
          cache.advance(1);
          Batch batch = new Batch();
          batch.add(cache, 0);
          Matrix row = Matrix.of(1, 2);
          compute.startRecording();
          assertThrows(
              IllegalStateException.class,
              () -> Attention.apply(compute, shape, batch, 0, row, row, row, Optional.empty()));
        });
  }
}
