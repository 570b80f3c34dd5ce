package dev.jandaia.spec.count;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlopCountTest {
  private static final int C = 12;
  private static final int V = 50;
  private static final GroupedQueryAttention ATTENTION =
      GroupedQueryAttention.of(4, 2, 6, Position.NONE);
  private static final LatentAttention LATENT =
      new LatentAttention(
          3,
          5,
          7,
          4,
          2,
          6,
          false,
          false,
          Norm.Rms.of(1e-6),
          new Position.Rotary(1e4, 2, Position.Pairing.NEIGHBOURS, RopeScaling.NONE),
          Span.FULL,
          1);
  private static final GatedMlp GATED = new GatedMlp(9, Gating.SWIGLU, false);

  @Test
  void decodeCountsEveryMatrixOnceAndEveryVisibleKey() {
    // q 24×12, k and v 12×12, o 12×24; up and down 9×12; head 50×12; 11 keys of 24 elements, twice.
    long matrices = 24 * 12 + 2 * 12 * 12 + 12 * 24 + 2 * 9 * 12 + 50 * 12;
    FlopCount count = FlopCount.of(model(ATTENTION, new Mlp(9, Activation.RELU, true)));
    assertEquals(2 * matrices + 2 * (2 * 11 * 24), count.decode(10));
  }

  @Test
  void sparseLayersRateAllKeysAndMeetTheChosen() {
    // indexer: queries 8×5, key 4×12, head weights 2×12; 2·8 operations for each of 11 keys
    Indexer indexer = new Indexer(2, 4, Norm.NONE, Position.NONE);
    FlopCount dense = FlopCount.of(model(LATENT, GATED));
    FlopCount sparse = FlopCount.of(model(sparse(indexer), GATED));
    long perKey = 2 * 3 * (2 * 7 + 2);
    long index = 2 * (8 * 5 + 4 * 12 + 2 * 12) + 16 * 11;
    assertEquals(dense.decode(10) - (11 - 6) * perKey + index, sparse.decode(10));

    CacheCount cache = CacheCount.of(model(sparse(indexer), GATED));
    assertEquals(7 + 2 + 4, cache.elementsPerToken());
    assertEquals(100 * (7 + 2 + 4), cache.elementsAt(100));
    assertEquals(100 * 4 + 6 * (7 + 2), cache.elementsReadAt(100));
    assertEquals(3 * (7 + 2 + 4), cache.elementsReadAt(3));
  }

  private static LatentAttention sparse(Indexer indexer) {
    return new LatentAttention(
        LATENT.numHeads(),
        LATENT.queryRank(),
        LATENT.kvRank(),
        LATENT.nopeDim(),
        LATENT.ropeDim(),
        LATENT.valueDim(),
        LATENT.inputBias(),
        LATENT.outputBias(),
        LATENT.latentNorm(),
        LATENT.position(),
        new Span.Sparse(Optional.of(indexer), 6),
        LATENT.scale());
  }

  @Test
  void promptIsTheSumOfItsTokensWhereDecodeTakesTheSamePath() {
    for (Span span : List.of(Span.FULL, new Span.Sliding(5), new Span.Sliding(40))) {
      FlopCount count = FlopCount.of(model(ATTENTION.withSpan(span), GATED));
      long sum = 0;
      for (int position = 0; position < 17; position++) {
        sum += count.decode(position);
      }
      assertEquals(sum, count.forward(17));
      assertEquals(sum - 16 * 2 * V * C, count.prefill(17));
    }
  }

  @Test
  void latentDecodeWorksInTheLatentSpace() {
    long matrices = 5 * 12 + 18 * 5 + 9 * 12 + 3 * (4 + 6) * 7 + 12 * 18 + 3 * 9 * 12 + 50 * 12;
    FlopCount count = FlopCount.of(model(LATENT, GATED));
    assertEquals(2 * matrices + 2 * 3 * (7 + 2 + 7) * 8, count.decode(7));
    assertEquals(2 * matrices + 2 * 3 * (4 + 2 + 6), count.prefill(1));
  }

  @Test
  void tokensVisitOnlyTheirExperts() {
    Router router =
        new Router(2, Router.Scoring.SOFTMAX, false, false, Router.Groups.NONE, true, 1);
    FeedForward experts = new MixtureOfExperts(8, router, GATED, Optional.of(GATED));
    long dense = FlopCount.of(model(ATTENTION, GATED)).decode(0);
    long sparse = FlopCount.of(model(ATTENTION, experts)).decode(0);
    assertEquals(2 * (8 * C + 2 * 3 * 9 * C), sparse - dense);
  }

  @Test
  void trafficReadsActiveWeightsAndTheCacheOnce() {
    ModelSpec spec = model(ATTENTION.withSpan(new Span.Sliding(5)), GATED);
    long matrices = 24 * 12 + 2 * 12 * 12 + 12 * 24 + 3 * 9 * 12 + 50 * 12;
    long norms = 3 * C;
    double expected = (matrices + norms + C) * 2.0 + (5 + 1) * 24 * 1.0;
    assertEquals(expected, DecodeTraffic.of(spec).bytes(100, 2, 1));
  }

  @Test
  void anOutputGateIsOneMoreProjection() {
    long plain = FlopCount.of(model(ATTENTION, GATED)).decode(0);
    assertEquals(
        2 * 24 * 12, FlopCount.of(model(ATTENTION.withOutputGate(), GATED)).decode(0) - plain);
  }

  @Test
  void aGateOnTheSharedExpertsIsOneMoreRow() {
    Router router =
        new Router(2, Router.Scoring.SOFTMAX, false, false, Router.Groups.NONE, true, 1);
    FeedForward plain = new MixtureOfExperts(8, router, GATED, Optional.of(GATED));
    FeedForward gated =
        new MixtureOfExperts(
            8, router, GATED, Optional.of(GATED), true, MixtureOfExperts.Weighting.OUTPUT);
    assertEquals(
        2 * C,
        FlopCount.of(model(ATTENTION, gated)).decode(0)
            - FlopCount.of(model(ATTENTION, plain)).decode(0));
  }

  @Test
  void linearAttentionCostsTheSameForEveryToken() {
    Norm norm = Norm.Rms.of(1e-6);
    Mixer deltaNet = new GatedDeltaNet(2, 4, 3, 5, 4, Activation.SILU, norm);
    // q and k 6×12, v and gate 20×12, beta and decay 4×12, o 12×20; 32 channels × 4 taps; state 60.
    assertSameForEveryToken(
        2 * (2 * 6 * 12 + 2 * 20 * 12 + 2 * 4 * 12 + 12 * 20 + 32 * 4) + 6 * (4 * 3 * 5), deltaNet);
    Mixer kimiDelta = new KimiDeltaAttention(2, 3, 4, Activation.SILU, norm);
    // q, k, v 6×12, o 12×6, beta 2×12; decay and gate 3×12 and 6×3; 18 channels × 4 taps.
    assertSameForEveryToken(
        2 * (4 * 6 * 12 + 2 * 12 + 2 * (3 * 12 + 6 * 3) + 18 * 4) + 6 * (2 * 3 * 3), kimiDelta);
    Mixer lightning = new LightningAttention(2, 3, Activation.SILU, List.of(0.5, 0.25), norm);
    assertSameForEveryToken(2 * 5 * 6 * 12 + 4 * (2 * 3 * 3), lightning);
  }

  private static void assertSameForEveryToken(long mixerFlops, Mixer mixer) {
    FlopCount count = FlopCount.of(model(mixer, GATED));
    long expected = mixerFlops + 2 * (3 * 9 * C + V * C);
    assertEquals(expected, count.decode(0));
    assertEquals(expected, count.decode(1000));
    assertEquals(17 * expected, count.forward(17));
  }

  @Test
  void trafficReadsAndWritesFixedStates() {
    Mixer lightning =
        new LightningAttention(2, 3, Activation.SILU, List.of(0.5, 0.25), Norm.Rms.of(1e-6));
    ModelSpec spec = model(lightning, GATED);
    long weights = 5 * 6 * 12 + 3 * 9 * 12 + 50 * 12;
    long norms = 6 + 3 * C;
    assertEquals((weights + norms + C) * 2.0 + 2 * 18, DecodeTraffic.of(spec).bytes(100, 2, 1));
  }

  private static ModelSpec model(Mixer mixer, FeedForward feedForward) {
    Norm norm = Norm.Rms.of(1e-6);
    return new ModelSpec(
        "test",
        V,
        C,
        64,
        Embedding.PLAIN,
        List.of(new BlockSpec(mixer, feedForward, new Residual.PreNorm(norm))),
        norm,
        Head.UNTIED);
  }
}
