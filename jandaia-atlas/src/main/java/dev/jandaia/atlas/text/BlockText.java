package dev.jandaia.atlas.text;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.ScoreWeights;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layers in words, for instance {@code GQA 16/8 heads ×128, sliding 1,024, SwiGLU 8,192}. */
public final class BlockText {
  private BlockText() {}

  /** The parts of a layer, the telling ones first. */
  public static List<String> parts(BlockSpec block) {
    List<String> parts = new ArrayList<>(mixer(block.mixer()));
    parts.addAll(feedForward(block.feedForward()));
    parts.add(residual(block.residual()));
    return parts;
  }

  /** How tokens look at each other, the kind first. */
  public static List<String> mixer(Mixer mixer) {
    return switch (mixer) {
      case GroupedQueryAttention attention -> grouped(attention);
      case LatentAttention attention -> latent(attention);
      case CompressedAttention attention -> compressed(attention);
      case GatedDeltaNet deltaNet -> deltaNet(deltaNet);
      case KimiDeltaAttention kimiDelta -> kimiDelta(kimiDelta);
      case LightningAttention lightning ->
          List.of("lightning " + lightning.numHeads() + " heads ×" + lightning.headDim());
    };
  }

  private static List<String> deltaNet(GatedDeltaNet deltaNet) {
    return List.of(
        "Gated DeltaNet %d/%d heads, state %d×%d"
            .formatted(
                deltaNet.numValueHeads(),
                deltaNet.numKeyHeads(),
                deltaNet.keyDim(),
                deltaNet.valueDim()),
        "convolution of " + deltaNet.convolution());
  }

  private static List<String> kimiDelta(KimiDeltaAttention kimiDelta) {
    return List.of(
        "KDA %d heads, state %d×%d"
            .formatted(kimiDelta.numHeads(), kimiDelta.headDim(), kimiDelta.headDim()),
        "convolution of " + kimiDelta.convolution());
  }

  private static List<String> grouped(GroupedQueryAttention attention) {
    List<String> parts = new ArrayList<>();
    parts.add(kind(attention) + " ×" + attention.headDim());
    parts.add(span(attention.span()));
    parts.add(position(attention.position()));
    switch (attention.qkNorm()) {
      case QkNorm.None() -> {}
      case QkNorm.PerHead(var norm) -> parts.add("QK-" + norm(norm) + " per head");
      case QkNorm.Whole(var norm) -> parts.add("QK-" + norm(norm));
      case QkNorm.UnitLength(boolean learned) ->
          parts.add("QK of unit length" + (learned ? ", learned scale" : ""));
      case QkNorm.Rotated(var norm) -> parts.add("QK-" + norm(norm) + " after RoPE");
    }
    if (attention.inputBias() || attention.outputBias()) {
      parts.add(attention.outputBias() ? "attention biases" : "QKV biases");
    }
    if (attention.scoreSoftCap() > 0) {
      parts.add("score cap " + number(attention.scoreSoftCap()));
    }
    if (attention.sinks()) {
      parts.add("sinks");
    }
    if (attention.outputGate()) {
      parts.add("output gate");
    }
    if (attention.clip() > 0) {
      parts.add("QKV clipped at " + number(attention.clip()));
    }
    temperature(attention.temperature(), parts);
    switch (attention.keyValues()) {
      case KeyValues.Projected() -> {}
      case KeyValues.KeysOnly() -> parts.add("K = V");
      case KeyValues.OfLayer(int layer) -> parts.add("KV of layer " + layer);
    }
    if (!attention.valueNorm().equals(Norm.NONE)) {
      parts.add("V-" + norm(attention.valueNorm()));
    }
    if (attention.weights() instanceof ScoreWeights.Sigmoid) {
      parts.add("sigmoid weights with balanced ALiBi");
    }
    return parts;
  }

  private static void temperature(Temperature temperature, List<String> parts) {
    switch (temperature) {
      case Temperature.None() -> {}
      case Temperature.Logarithmic(double beta, int interval, _) ->
          parts.add("temperature +%s·ln per %d".formatted(number(beta), interval));
    }
  }

  private static String kind(GroupedQueryAttention attention) {
    int heads = attention.numHeads();
    int kvHeads = attention.numKvHeads();
    if (heads == kvHeads) {
      return "MHA " + heads + " heads";
    }
    return (kvHeads == 1 ? "MQA " : "GQA ") + heads + "/" + kvHeads + " heads";
  }

  private static List<String> latent(LatentAttention attention) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "MLA %d heads ×%d+%d, latent %s"
            .formatted(
                attention.numHeads(),
                attention.nopeDim(),
                attention.ropeDim(),
                Amounts.grouped(attention.kvRank())));
    if (attention.queryRank() > 0) {
      parts.add("query latent " + Amounts.grouped(attention.queryRank()));
    }
    parts.add(span(attention.span()));
    parts.add(position(attention.position()));
    temperature(attention.temperature(), parts);
    return parts;
  }

  private static List<String> compressed(CompressedAttention attention) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "%s %d heads ×%d".formatted(kind(attention), attention.numHeads(), attention.headDim()));
    parts.add("K = V");
    parts.add("query latent " + Amounts.grouped(attention.queryRank()));
    parts.add("sliding " + Amounts.grouped(attention.window()));
    attention
        .compression()
        .ifPresent(compression -> {
          parts.add(
              "1 entry per %s tokens%s"
                  .formatted(
                      Amounts.grouped(compression.rate()),
                      compression.overlap() ? ", overlapping" : ""));
          if (compression.indexer().isPresent()) {
            parts.add("indexer top " + Amounts.grouped(compression.topK()));
          }
        });
    parts.add(position(attention.position()));
    if (!attention.queryNorm().equals(Norm.NONE)) {
      parts.add("Q-" + norm(attention.queryNorm()) + " per head");
    }
    parts.add("RoPE undone on outputs");
    parts.add("sinks");
    parts.add(
        "outputs in %d groups of %s"
            .formatted(attention.outputGroups(), Amounts.grouped(attention.outputRank())));
    return parts;
  }

  /** CSA and HCA as DeepSeek-V4 names them; one shared key without entries is MQA. */
  private static String kind(CompressedAttention attention) {
    if (attention.compression().isEmpty()) {
      return "MQA";
    }
    return attention.indexer().isPresent() ? "CSA" : "HCA";
  }

  private static String span(Span span) {
    return switch (span) {
      case Span.Full() -> "full";
      case Span.Sliding(int window) -> "sliding " + Amounts.grouped(window);
      case Span.Chunked(int size) -> "chunks of " + Amounts.grouped(size);
      case Span.Sparse sparse ->
          "%s top %s"
              .formatted(
                  sparse.indexer().isPresent() ? "indexer" : "shared indexer",
                  Amounts.grouped(sparse.topK()));
    };
  }

  private static String position(Position position) {
    return switch (position) {
      case Position.None() -> "no RoPE";
      case Position.Rotary rotary -> "RoPE θ " + number(rotary.theta()) + scaling(rotary.scaling());
    };
  }

  private static String scaling(RopeScaling scaling) {
    return switch (scaling) {
      case RopeScaling.None() -> "";
      case RopeScaling.Linear(double factor) -> " linear ×" + number(factor);
      case RopeScaling.Llama3 llama3 -> " llama3 ×" + number(llama3.factor());
      case RopeScaling.Yarn yarn -> " YaRN ×" + number(yarn.factor());
      case RopeScaling.Divisors _ -> " with divisors";
      case RopeScaling.LongRope _ -> " LongRoPE";
      case RopeScaling.Proportional(int pairs, _) -> " on " + pairs + " pairs";
    };
  }

  /** What happens to each token alone, the kind first. */
  public static List<String> feedForward(FeedForward feedForward) {
    return switch (feedForward) {
      case Mlp mlp ->
          List.of(activation(mlp.activation()) + " MLP " + Amounts.grouped(mlp.intermediateSize()));
      case GatedMlp mlp -> List.of(gated(mlp));
      case MixtureOfExperts moe -> experts(moe);
      case NormedDenseAndMoe both -> {
        List<String> parts = new ArrayList<>(experts(both.experts()));
        parts.add("beside " + gated(both.dense()));
        parts.add("norms of their own");
        yield parts;
      }
      case DenseAndMoe both -> {
        List<String> parts = new ArrayList<>(experts(both.experts()));
        parts.add("beside " + gated(both.dense()));
        yield parts;
      }
    };
  }

  private static List<String> experts(MixtureOfExperts moe) {
    List<String> parts = new ArrayList<>();
    Router router = moe.router();
    parts.add("MoE %d of %d × %s".formatted(router.topK(), moe.numExperts(), gated(moe.expert())));
    moe.shared()
        .ifPresent(
            shared -> parts.add((moe.sharedGate() ? "gated shared " : "shared ") + gated(shared)));
    if (router.groups().count() > 1) {
      parts.add("best %d of %d groups".formatted(router.groups().keep(), router.groups().count()));
    }
    parts.add(
        switch (router.scoring()) {
          case SOFTMAX -> "softmax router";
          case SOFTMAX_OF_CHOSEN -> "softmax of chosen";
          case SIGMOID -> "sigmoid router";
          case SQRT_SOFTPLUS -> "√softplus router";
        });
    if (router.tokenTable().isPresent()) {
      parts.add("experts looked up by token");
    }
    if (moe.weighting() == MixtureOfExperts.Weighting.INPUT) {
      parts.add("weighted inputs");
    }
    return parts;
  }

  private static String gated(GatedMlp mlp) {
    String size = " " + Amounts.grouped(mlp.intermediateSize());
    return switch (mlp.gating()) {
      case Gating.Plain(Activation activation) -> gatedName(activation) + size;
      case Gating.GaussianSparse(Activation activation, double sparsity) ->
          "%s%s (%s%% sparse)".formatted(gatedName(activation), size, number(100 * sparsity));
      case Gating.Bounded(Activation activation, double limit) ->
          "%s%s bounded at %s".formatted(gatedName(activation), size, number(limit));
      case Gating.Clamped(_, double limit) ->
          "SwiGLU%s clamped at %s".formatted(size, number(limit));
    };
  }

  private static String gatedName(Activation activation) {
    return switch (activation) {
      case SILU -> "SwiGLU";
      case GELU, GELU_TANH -> "GeGLU";
      case RELU -> "ReGLU";
      case RELU_SQUARED -> "ReLU² GLU";
    };
  }

  private static String activation(Activation activation) {
    return switch (activation) {
      case SILU -> "SiLU";
      case GELU -> "GELU";
      case GELU_TANH -> "GELU (tanh)";
      case RELU -> "ReLU";
      case RELU_SQUARED -> "ReLU²";
    };
  }

  /** How the halves of a layer are wired into the residual stream. */
  public static String residual(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm(Norm norm) -> "pre-" + norm(norm);
      case Residual.PostNorm(Norm norm) -> "post-" + norm(norm);
      case Residual.Sandwich(Norm norm) -> "sandwich " + norm(norm);
      case Residual.Normalised(Norm norm, _, _) -> norm(norm) + " on the stream";
      case Residual.ScaledPreNorm(Norm norm, double scale) ->
          "pre-" + norm(norm) + ", residual ×" + number(scale);
      case Residual.Parallel(Norm norm) -> "parallel after " + norm(norm);
      case Residual.WithInput(Residual layer, LayerInput input) ->
          residual(layer) + ", layer embedding " + Amounts.grouped(input.size());
      case Residual.Laurel(Norm norm, int rank) ->
          "sandwich " + norm(norm) + ", LAuReL of rank " + rank;
      case Residual.AltUp altUp ->
          "%s, AltUp over %d streams, layer embedding %s"
              .formatted(
                  residual(altUp.layer()), altUp.streams(), Amounts.grouped(altUp.input().size()));
      case Residual.HyperConnected(Norm norm, var wiring) ->
          "pre-%s, %d hyper-connected streams, %d Sinkhorn iterations"
              .formatted(norm(norm), wiring.streams(), wiring.iterations());
      case Residual.Rescaled(Residual layer) -> residual(layer) + ", output rescaled";
    };
  }

  /** The name of a norm. */
  public static String norm(Norm norm) {
    return switch (norm) {
      case Norm.None() -> "no norm";
      case Norm.Rms(_, Norm.Gain gain) ->
          gain == Norm.Gain.NONE ? "RMSNorm without weight" : "RMSNorm";
      case Norm.Layer _ -> "LayerNorm";
    };
  }

  /** 10,000 and 0.25 rather than 10000.0 and 2.5E-1. */
  public static String number(double value) {
    return value == Math.rint(value)
        ? Amounts.grouped((long) value)
        : String.format(Locale.ROOT, "%.4g", value).replaceFirst("\\.?0+$", "");
  }
}
