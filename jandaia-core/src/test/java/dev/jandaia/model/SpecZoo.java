package dev.jandaia.model;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Small models, one for each mechanism or typical mixture of mechanisms. */
final class SpecZoo {
  static final int VOCAB = 37;
  static final int HIDDEN = 24;
  static final int CONTEXT = 600;

  private static final Norm RMS = Norm.Rms.of(1e-5);
  private static final Residual PRE_NORM = new Residual.PreNorm(RMS);
  private static final GatedMlp MLP = new GatedMlp(20, Gating.SWIGLU, false);
  private static final GatedMlp EXPERT = new GatedMlp(9, Gating.SWIGLU, false);
  private static final Router.Groups GROUPS = new Router.Groups(4, 2, Router.GroupScore.TOP_TWO);

  private SpecZoo() {}

  /** A spec with a name, for test reports. */
  record Named(String name, ModelSpec spec) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Named> all() {
    return Stream.of(
        named("mha", attention(4, 4)),
        named("gqa", attention(4, 2)),
        named("mqa", attention(4, 1)),
        named("gqa-neighbours", attention(4, 2).withPosition(rotary(Position.Pairing.NEIGHBOURS))),
        named("gqa-biases-sinks", attention(4, 2).withBias(true, true).withSinks()),
        named("gqa-qk-norm", attention(4, 2).withQkNorm(new QkNorm.PerHead(RMS))),
        named("gqa-whole-qk-norm", attention(4, 2).withQkNorm(new QkNorm.Whole(RMS))),
        sliding(),
        wide(),
        named("window-of-one", attention(4, 2).withSpan(new Span.Sliding(1))),
        latent("latent", 0, Span.FULL),
        latent("latent-query-rank", 7, Span.FULL),
        latent("latent-sliding", 7, new Span.Sliding(9)),
        latent("latent-sparse", 7, new Span.Sparse(Optional.of(indexer()), 9)),
        sharedChoice(),
        experts("experts-softmax", router(Router.Scoring.SOFTMAX, false, Router.Groups.NONE)),
        experts("experts-of-chosen", router(Router.Scoring.SOFTMAX_OF_CHOSEN, false, GROUPS)),
        experts("experts-sigmoid-groups", router(Router.Scoring.SIGMOID, true, GROUPS)),
        gpt2(),
        sandwich(),
        postNorm(),
        sharedKeys(),
        layerInputs(),
        streams(),
        compressed("hyper-connected-compressed", 3, 5));
  }

  static Named byName(String name) {
    return all().filter(named -> named.name().equals(name)).findFirst().orElseThrow();
  }

  private static Position rotary(Position.Pairing pairing) {
    return new Position.Rotary(10_000, 6, pairing, RopeScaling.NONE);
  }

  private static GroupedQueryAttention attention(int heads, int kvHeads) {
    return GroupedQueryAttention.of(heads, kvHeads, 6, rotary(Position.Pairing.HALVES));
  }

  private static Named named(String name, Mixer mixer) {
    return named(name, Embedding.PLAIN, PRE_NORM, Head.UNTIED, MLP, mixer, mixer);
  }

  private static Named named(
      String name,
      Embedding embedding,
      Residual residual,
      Head head,
      FeedForward feedForward,
      Mixer... mixers) {
    List<BlockSpec> blocks =
        Stream.of(mixers).map(mixer -> new BlockSpec(mixer, feedForward, residual)).toList();
    return new Named(
        name, new ModelSpec(name, VOCAB, HIDDEN, CONTEXT, embedding, blocks, RMS, head));
  }

  private static Named sliding() {
    Mixer local = attention(4, 2).withSpan(new Span.Sliding(8));
    return named(
        "sliding-and-full",
        Embedding.PLAIN,
        PRE_NORM,
        Head.TIED,
        MLP,
        local,
        attention(4, 1),
        local);
  }

  /** Wide enough that a single token is work for several threads. */
  private static Named wide() {
    Position position = new Position.Rotary(10_000, 16, Position.Pairing.HALVES, RopeScaling.NONE);
    Mixer local = GroupedQueryAttention.of(8, 4, 16, position).withSpan(new Span.Sliding(100));
    GatedMlp mlp = new GatedMlp(260, Gating.SWIGLU, false);
    List<BlockSpec> blocks =
        List.of(new BlockSpec(local, mlp, PRE_NORM), new BlockSpec(local, mlp, PRE_NORM));
    return new Named(
        "wide-sliding",
        new ModelSpec("wide", VOCAB, 160, CONTEXT, Embedding.PLAIN, blocks, RMS, Head.UNTIED));
  }

  private static Named latent(String name, int queryRank, Span span) {
    return named(name, latent(queryRank, span));
  }

  private static Mixer latent(int queryRank, Span span) {
    Position position =
        new Position.Rotary(10_000, 4, Position.Pairing.NEIGHBOURS, RopeScaling.NONE);
    return new LatentAttention(
        3, queryRank, 5, 6, 4, 7, queryRank > 0, false, RMS, position, span, 0.3);
  }

  private static Indexer indexer() {
    Position position = new Position.Rotary(10_000, 4, Position.Pairing.HALVES, RopeScaling.NONE);
    return new Indexer(4, 6, new Norm.Layer(1e-6, true), position);
  }

  /** A layer that attends to what the layer before it chose, after one that sees everything. */
  private static Named sharedChoice() {
    return named(
        "latent-shared-choice",
        Embedding.PLAIN,
        PRE_NORM,
        Head.UNTIED,
        MLP,
        latent(7, new Span.Sparse(Optional.of(indexer()), 30)),
        attention(4, 2),
        latent(0, new Span.Sparse(Optional.empty(), 30)));
  }

  private static Router router(Router.Scoring scoring, boolean correction, Router.Groups groups) {
    return new Router(3, scoring, false, correction, groups, correction, 1.5);
  }

  private static Named experts(String name, Router router) {
    MixtureOfExperts experts = new MixtureOfExperts(8, router, EXPERT, Optional.of(EXPERT));
    return named(
        name, Embedding.PLAIN, PRE_NORM, Head.UNTIED, experts, attention(4, 2), attention(4, 2));
  }

  private static Named gpt2() {
    Norm norm = new Norm.Layer(1e-5, true);
    return named(
        "learned-positions",
        new Embedding(1, CONTEXT, Norm.NONE),
        new Residual.PreNorm(norm),
        Head.TIED,
        new Mlp(30, Activation.GELU_TANH, true),
        attention(4, 4).withPosition(Position.NONE).withBias(true, true),
        attention(4, 4).withPosition(Position.NONE).withBias(true, true));
  }

  private static Named sandwich() {
    Norm norm = new Norm.Rms(1e-5, Norm.Gain.ONE_PLUS_WEIGHT);
    Position scaled =
        new Position.Rotary(
            10_000, 6, Position.Pairing.HALVES, new RopeScaling.Yarn(4, 32, 1, 64, 1.1386, true));
    return named(
        "sandwich-soft-caps",
        new Embedding(Math.sqrt(HIDDEN), 0, new Norm.Layer(1e-5, false)),
        new Residual.Sandwich(norm),
        new Head(true, 0.5, 4),
        new GatedMlp(20, new Gating.Plain(Activation.GELU_TANH), true),
        attention(4, 2).withSpan(new Span.Sliding(20)).withScoreSoftCap(5),
        attention(4, 2).withPosition(scaled).withScoreSoftCap(5));
  }

  /** Windows and full attention whose keys later layers read, of which some serve as values. */
  private static Named sharedKeys() {
    GroupedQueryAttention attention =
        attention(4, 2)
            .withQkNorm(new QkNorm.PerHead(RMS))
            .withValueNorm(new Norm.Rms(1e-5, Norm.Gain.NONE));
    GroupedQueryAttention local = attention.withSpan(new Span.Sliding(8));
    return named(
        "shared-keys",
        Embedding.PLAIN,
        PRE_NORM,
        Head.TIED,
        MLP,
        local,
        attention.withKeyValues(new KeyValues.KeysOnly()),
        local.withKeyValues(new KeyValues.OfLayer(0)),
        attention.withKeyValues(new KeyValues.OfLayer(1)),
        local.withKeyValues(new KeyValues.OfLayer(0)));
  }

  private static LayerInput layerInput() {
    return new LayerInput(5, Activation.GELU_TANH, RMS);
  }

  private static Embedding layerEmbedding() {
    return new Embedding(2, 0, Norm.NONE, Optional.of(new LayerEmbedding(VOCAB, 5, RMS)));
  }

  private static Named layerInputs() {
    Router router =
        new Router(
            3,
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1,
            0,
            RMS,
            0.2,
            true);
    MixtureOfExperts experts = new MixtureOfExperts(8, router, EXPERT, Optional.empty());
    return named(
        "layer-inputs-dense-and-experts",
        layerEmbedding(),
        new Residual.Rescaled(new Residual.WithInput(new Residual.Sandwich(RMS), layerInput())),
        Head.TIED,
        new NormedDenseAndMoe(MLP, experts, RMS),
        attention(4, 2),
        attention(4, 2));
  }

  private static Named streams() {
    return named(
        "streams-shortcut-sparse",
        layerEmbedding(),
        new Residual.AltUp(new Residual.Laurel(RMS, 3), 3, 1, RMS, layerInput(), true),
        Head.TIED,
        new GatedMlp(20, new Gating.GaussianSparse(Activation.GELU_TANH, 0.6), false),
        attention(4, 2),
        attention(4, 2));
  }

  /**
   * A window alone, entries that are all seen and entries that are chosen; experts by token.
   *
   * @param experts of 8 that a token visits
   * @param entries that are chosen at most
   */
  static Named compressed(String name, int experts, int entries) {
    Position position =
        new Position.Rotary(10_000, 4, Position.Pairing.NEIGHBOURS, RopeScaling.NONE);
    Indexer indexer = new Indexer(4, 5, RMS, position);
    Router router =
        new Router(
            experts, Router.Scoring.SQRT_SOFTPLUS, false, true, Router.Groups.NONE, true, 1.5);
    GatedMlp expert = new GatedMlp(9, new Gating.Bounded(Activation.SILU, 1.5), false);
    MixtureOfExperts best = new MixtureOfExperts(8, router, expert, Optional.of(expert));
    MixtureOfExperts byToken =
        new MixtureOfExperts(
            8, router.withTokenTable(new Router.TokenTable(VOCAB)), expert, Optional.of(expert));
    Norm weightless = new Norm.Rms(1e-5, Norm.Gain.NONE);
    Residual residual =
        new Residual.HyperConnected(RMS, new HyperConnections(3, weightless, 4, 1e-4));
    List<BlockSpec> blocks =
        List.of(
            new BlockSpec(compressed(position, Optional.empty()), byToken, residual),
            new BlockSpec(
                compressed(
                    position, Optional.of(new Compression(9, false, RMS, Optional.empty(), 0))),
                best,
                residual),
            new BlockSpec(
                compressed(
                    position,
                    Optional.of(new Compression(3, true, RMS, Optional.of(indexer), entries))),
                best,
                residual));
    return new Named(
        name,
        new ModelSpec(
            "compressed", VOCAB, HIDDEN, CONTEXT, Embedding.PLAIN, blocks, RMS, Head.UNTIED));
  }

  private static Mixer compressed(Position position, Optional<Compression> compression) {
    Norm weightless = new Norm.Rms(1e-5, Norm.Gain.NONE);
    return new CompressedAttention(4, 6, 7, RMS, weightless, position, 8, 0.4, 2, 5, compression);
  }

  private static Named postNorm() {
    return named(
        "post-norm-clamped",
        Embedding.PLAIN,
        new Residual.PostNorm(RMS),
        Head.UNTIED,
        new GatedMlp(20, new Gating.Clamped(1.702, 7), true),
        attention(4, 2),
        attention(4, 2));
  }
}
