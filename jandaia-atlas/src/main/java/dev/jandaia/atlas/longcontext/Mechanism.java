package dev.jandaia.atlas.longcontext;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import java.util.List;

/**
 * A way to remember, as a model of two layers of width 1024 with hardly anything else.
 *
 * @param name for people
 * @param mixer of both layers
 */
record Mechanism(String name, Mixer mixer) {
  private static final int WIDTH = 1024;
  private static final int VOCABULARY = 256;
  private static final int CONTEXT = 1 << 17;
  private static final int HEADS = 16;
  private static final int HEAD_DIM = 128;
  private static final Norm NORM = Norm.Rms.of(1e-6);

  static List<Mechanism> all() {
    GroupedQueryAttention full =
        GroupedQueryAttention.of(HEADS, HEADS / 2, HEAD_DIM, rotary(HEAD_DIM));
    return List.of(
        new Mechanism("full, 8 of 16 heads", full),
        new Mechanism("sliding, 1024 tokens", full.withSpan(new Span.Sliding(1024))),
        new Mechanism("latent, 512 + 64", latent()),
        new Mechanism(
            "recurrent, Gated DeltaNet",
            new GatedDeltaNet(HEADS, HEADS, HEAD_DIM, HEAD_DIM, 4, Activation.SILU, NORM)));
  }

  private static Mixer latent() {
    int rope = 64;
    double scale = 1 / Math.sqrt(HEAD_DIM + rope);
    return new LatentAttention(
        HEADS,
        0,
        512,
        HEAD_DIM,
        rope,
        HEAD_DIM,
        false,
        false,
        NORM,
        rotary(rope),
        Span.FULL,
        scale);
  }

  private static Position rotary(int dim) {
    return new Position.Rotary(1e6, dim, Position.Pairing.HALVES, RopeScaling.NONE);
  }

  ModelSpec spec() {
    BlockSpec block =
        new BlockSpec(mixer, new GatedMlp(WIDTH, Gating.SWIGLU, false), new Residual.PreNorm(NORM));
    return new ModelSpec(
        name, VOCABULARY, WIDTH, CONTEXT, Embedding.PLAIN, List.of(block, block), NORM, Head.TIED);
  }
}
