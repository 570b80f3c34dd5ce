package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.SpecException;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The architectures of GGUF files that are known: from metadata and tensor names to a spec. */
public final class GgufFamilies {
  private static final Map<String, Function<GgufMetadata, ModelSpec>> BY_ARCHITECTURE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("cohere2", GgufDense::cohere2),
              Map.entry("deepseek2", GgufDeepseek::deepseek2),
              Map.entry("deepseek32", GgufDeepseek::deepseek32),
              Map.entry("deepseek4", GgufCompressed::deepseek4),
              Map.entry("gemma", GgufGemma::gemma),
              Map.entry("gemma2", GgufGemma::gemma2),
              Map.entry("gemma3", GgufGemma::gemma3),
              Map.entry("gemma3n", GgufGemmaLayers::gemma3n),
              Map.entry("gemma4", GgufGemmaLayers::gemma4),
              Map.entry("glm4moe", GgufSparse::glm4Moe),
              Map.entry("glm-dsa", GgufDeepseek::glmDsa),
              Map.entry("gpt-oss", GgufOthers::gptOss),
              Map.entry("gpt2", GgufOthers::gpt2),
              Map.entry("granite", GgufDense::granite),
              Map.entry("kimi-linear", GgufHybrid::kimiLinear),
              Map.entry("qwen3next", GgufHybrid::qwen3Next),
              Map.entry("qwen35", GgufHybrid::qwen35),
              Map.entry("qwen35moe", GgufHybrid::qwen35Moe),
              Map.entry("llama", GgufLlama::llama),
              Map.entry("llama4", GgufSparse::llama4),
              Map.entry("minimax-01", GgufLightning::miniMax01),
              Map.entry("minimax-m2", GgufSparse::miniMaxM2),
              Map.entry("mistral3", GgufDense::mistral3),
              Map.entry("mistral4", GgufDeepseek::mistral4),
              Map.entry("olmo2", GgufOthers::olmo2),
              Map.entry("olmoe", GgufSparse::olmoe),
              Map.entry("phi3", GgufDense::phi3),
              Map.entry("smollm3", GgufDense::smolLm3),
              Map.entry("qwen2", GgufLlama::qwen2),
              Map.entry("qwen3", GgufLlama::qwen3),
              Map.entry("qwen3moe", GgufLlama::qwen3Moe)));

  private GgufFamilies() {}

  /** Every {@code general.architecture} that is understood, in alphabetical order. */
  public static List<String> architectures() {
    return List.copyOf(new TreeSet<>(BY_ARCHITECTURE.keySet()));
  }

  /**
   * The architecture that the header of a GGUF file describes. It says what the file's tensors are
   * as they are stored: llama's queries and keys pair neighbours, Gemma's norms hold the whole
   * gain.
   *
   * @throws JandaiaException if the architecture is unknown, a key is missing or ill-typed, or asks
   *     for something that is not computed
   */
  public static ModelSpec spec(GgufModel model) {
    Object architecture = model.metadata().get("general.architecture");
    Function<GgufMetadata, ModelSpec> reader =
        architecture instanceof String name ? BY_ARCHITECTURE.get(name) : null;
    if (reader == null) {
      throw new JandaiaException(
          "%s: general.architecture: expected one of %s, found %s"
              .formatted(model.source(), String.join(", ", architectures()), architecture));
    }
    try {
      GgufMetadata gguf = new GgufMetadata(model, (String) architecture);
      return GgufPredictions.addTo(reader.apply(gguf), (String) architecture, gguf);
    } catch (SpecException e) {
      throw new JandaiaException(model.source() + ": " + e.getMessage(), e);
    }
  }
}
