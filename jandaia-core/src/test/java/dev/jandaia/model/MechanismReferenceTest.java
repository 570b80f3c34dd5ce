package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.ScoreWeights;
import dev.jandaia.spec.Span;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Mechanisms that no published checkpoint of a known family has, in whole models, against {@link
 * ReferenceLayer} in float64: all tokens at once and one by one.
 */
class MechanismReferenceTest {
  private static final int VOCAB = 13;
  private static final int HIDDEN = 12;
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7};
  private static final Norm NORM = Norm.Rms.of(1e-3);
  private static final GatedMlp MLP = new GatedMlp(10, new Gating.Plain(Activation.SILU), false);
  private static final DoubleUnaryOperator SILU = z -> z / (1 + Math.exp(-z));
  private static final DoubleUnaryOperator GELU =
      z -> 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));

  private static final GroupedQueryAttention ATTENTION =
      GroupedQueryAttention.of(
          4, 2, 6, new Position.Rotary(100, 6, Position.Pairing.HALVES, RopeScaling.NONE));

  @Test
  void cosinesOfQueriesAndKeysTimesALearnedScale() {
    check(
        ATTENTION.withQkNorm(new QkNorm.UnitLength(true)).withScale(3),
        MLP,
        new Residual.PreNorm(NORM),
        Head.UNTIED,
        x -> {
          x.unitLength = true;
          x.scale = 3;
        });
  }

  @Test
  void cosinesOfQueriesAndKeysTimesAFixedScale() {
    check(
        ATTENTION.withQkNorm(new QkNorm.UnitLength(false)).withScale(5),
        MLP,
        new Residual.PreNorm(NORM),
        Head.UNTIED,
        x -> {
          x.unitLength = true;
          x.scale = 5;
        });
  }

  @Test
  void sigmoidAttentionWithBalancedAlibiInAWindow() {
    check(
        ATTENTION.withWeights(new ScoreWeights.Sigmoid()).withSpan(new Span.Sliding(5)),
        MLP,
        new Residual.PreNorm(NORM),
        Head.UNTIED,
        x -> {
          x.slopes = new double[] {-1 / 2.0, -1 / 4.0, 1 / 2.0, 1 / 4.0};
          x.window = 5;
        });
  }

  @Test
  void grokBlock() {
    GatedMlp expert = new GatedMlp(7, new Gating.Plain(Activation.GELU_TANH), false);
    Router router =
        new Router(2, Router.Scoring.SOFTMAX, false, false, Router.Groups.NONE, false, 1, 1.5);
    FeedForward both =
        new DenseAndMoe(
            new GatedMlp(10, new Gating.Plain(Activation.GELU_TANH), false),
            new MixtureOfExperts(5, router, expert, Optional.empty()),
            Math.sqrt(0.5));
    check(
        ATTENTION.withScoreSoftCap(0.8),
        both,
        new Residual.Sandwich(NORM),
        new Head(false, 0.5, 2),
        x -> {
          x.scoreCap = 0.8;
          x.sandwich = true;
          x.experts = 5;
          x.routerCap = 1.5;
          x.activation = GELU;
          x.logits = z -> 2 * Math.tanh(0.5 * z / 2);
        });
  }

  private interface Setting {
    void apply(ReferenceLayer layer);
  }

  private static void check(
      GroupedQueryAttention attention,
      FeedForward feedForward,
      Residual residual,
      Head head,
      Setting setting) {
    ModelSpec spec =
        new ModelSpec(
            "test",
            VOCAB,
            HIDDEN,
            64,
            Embedding.PLAIN,
            Collections.nCopies(2, new BlockSpec(attention, feedForward, residual)),
            NORM,
            head);
    SeededWeights weights = new SeededWeights(Kernels.best());
    LanguageModel model = new LanguageModel(spec, weights);
    double[][] x = weights.rows("embedding.tokens.weight", IDS);
    ReferenceLayer settings = new ReferenceLayer(weights, "");
    settings.activation = SILU;
    setting.apply(settings);
    for (int layer = 0; layer < spec.numLayers(); layer++) {
      x = settings.at("blocks." + layer + ".").apply(x);
    }
    double[][] expected =
        ReferenceLayer.map(settings.linear("head", settings.rms("finalNorm", x)), settings.logits);
    for (int piece : List.of(IDS.length, 1, 3)) {
      assertLogits(expected, model, piece);
    }
  }

  private static void assertLogits(double[][] expected, LanguageModel model, int piece) {
    try (Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.best(), workers);
      SequenceCache cache = model.newSequence();
      while (cache.position() < IDS.length) {
        int start = cache.position();
        Batch batch = new Batch();
        batch.add(cache, IDS, start, Math.min(piece, IDS.length - start));
        Matrix logits =
            model.logits(compute, model.hidden(compute, batch, LanguageModel.Observer.NONE));
        for (int i = 0; i < logits.size(); i++) {
          int position = start + i / VOCAB;
          assertEquals(
              expected[position][i % VOCAB],
              logits.data()[i],
              2e-5,
              "pieces of %d, position %d".formatted(piece, position));
        }
      }
    }
  }
}
