package dev.jandaia.convert;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;

/**
 * What files in the wild call their type: one element type for most matrices and better ones for
 * the few that need it, chosen as llama-quantize does without an importance matrix. The output
 * projection (the embedding, where tied) is Q6_K under every type of fewer bits; a mix ending in M
 * also gives Q6_K to the values and the way down of half the layers. Left out are the rules for
 * models of 70B and for architectures that {@link dev.jandaia.family.GgufExport} does not write.
 */
public enum GgufMix {
  F32(DType.F32, 0),
  F16(DType.F16, 1),
  BF16(DType.BF16, 32),
  Q8_0(DType.Q8_0, 7),
  Q4_0(DType.Q4_0, 2),
  Q5_0(DType.Q5_0, 8),
  Q4_K_M(DType.Q4_K, 15),
  Q5_K_M(DType.Q5_K, 17),
  Q6_K(DType.Q6_K, 18),
  IQ4_NL(DType.IQ4_NL, 25),
  MXFP4(DType.MXFP4, 38);

  /** Experts of Mixtral, whose small attention matrices are spared. */
  private static final int FEW_EXPERTS = 8;

  /** Queries per value head from which on values are few enough to be kept better. */
  private static final int SHARED_VALUES = 4;

  private final DType base;
  private final int fileType;

  GgufMix(DType base, int fileType) {
    this.base = base;
    this.fileType = fileType;
  }

  /** {@code general.file_type}. */
  int fileType() {
    return fileType;
  }

  /** The type of one tensor, {@code name} being its name in GGUF files. */
  public DType typeOf(String name, Shape shape, ModelSpec spec) {
    return new Quantisation(wanted(name, shape, spec)).typeOf(name, shape);
  }

  private DType wanted(String name, Shape shape, ModelSpec spec) {
    if (!base.isQuantised() || base == DType.Q8_0) {
      return base;
    }
    boolean head =
        name.equals("output.weight") || (spec.head().tied() && name.equals("token_embd.weight"));
    if (this == MXFP4) {
      boolean spared = head || name.equals("token_embd.weight") || experts(spec) > 1;
      return spared && shape.rank() < 3 ? DType.Q8_0 : base;
    }
    if (head) {
      return DType.Q6_K;
    }
    return name.startsWith("blk.") ? inBlock(name, spec) : base;
  }

  private DType inBlock(String name, ModelSpec spec) {
    String[] parts = name.split("\\.", 3);
    // layers beyond the last are modules for further tokens
    int layer = Math.min(Integer.parseInt(parts[1]), spec.numLayers() - 1);
    boolean fewExperts = experts(spec) == FEW_EXPERTS;
    return switch (parts[2]) {
      case "attn_v.weight" -> fewExperts ? DType.Q8_0 : values(layer, spec);
      case "attn_k.weight" -> fewExperts ? DType.Q8_0 : base;
      case "attn_output.weight" ->
          fewExperts && (this == Q4_K_M || this == IQ4_NL) ? DType.Q5_K : base;
      case "ffn_down.weight", "ffn_down_exps.weight" -> down(layer, spec);
      default -> base;
    };
  }

  private DType values(int layer, ModelSpec spec) {
    return switch (this) {
      case Q4_K_M, Q5_K_M -> deservesMore(layer, spec.numLayers()) ? DType.Q6_K : base;
      case IQ4_NL -> queriesPerValue(spec, layer) >= SHARED_VALUES ? DType.Q5_K : base;
      default -> base;
    };
  }

  private DType down(int layer, ModelSpec spec) {
    return switch (this) {
      case Q4_K_M, Q5_K_M -> deservesMore(layer, spec.numLayers()) ? DType.Q6_K : base;
      case IQ4_NL -> layer < spec.numLayers() / 8 ? DType.Q5_K : base;
      default -> base;
    };
  }

  /** The first and the last eighth of the layers, and every third between. */
  private static boolean deservesMore(int layer, int layers) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }

  private static int queriesPerValue(ModelSpec spec, int layer) {
    return spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention attention
        ? attention.numHeads() / attention.numKvHeads()
        : 1;
  }

  /** The most experts that a layer has. */
  static int experts(ModelSpec spec) {
    return spec.blocks().stream().mapToInt(GgufMix::experts).max().orElse(0);
  }

  private static int experts(BlockSpec block) {
    FeedForward feedForward = block.feedForward();
    return switch (feedForward) {
      case MixtureOfExperts moe -> moe.numExperts();
      case DenseAndMoe both -> both.experts().numExperts();
      case NormedDenseAndMoe both -> both.experts().numExperts();
      default -> 0;
    };
  }
}
