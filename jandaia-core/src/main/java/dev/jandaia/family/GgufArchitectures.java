package dev.jandaia.family;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The GGUF architecture in which models of a family are written. */
final class GgufArchitectures {
  private static final Map<String, String> BY_FAMILY =
      Map.ofEntries(
          Map.entry("cohere2", "cohere2"),
          Map.entry("deepseek_v2", "deepseek2"),
          Map.entry("deepseek_v3", "deepseek2"),
          Map.entry("deepseek_v32", "deepseek32"),
          Map.entry("deepseek_v4", "deepseek4"),
          Map.entry("gemma", "gemma"),
          Map.entry("gemma2", "gemma2"),
          Map.entry("gemma3_text", "gemma3"),
          Map.entry("gemma3n_text", "gemma3n"),
          Map.entry("gemma4_text", "gemma4"),
          Map.entry("glm4_moe", "glm4moe"),
          Map.entry("glm_moe_dsa", "glm-dsa"),
          Map.entry("gpt2", "gpt2"),
          Map.entry("gpt_oss", "gpt-oss"),
          Map.entry("granite", "granite"),
          Map.entry("kimi_linear", "kimi-linear"),
          Map.entry("llama", "llama"),
          Map.entry("llama4_text", "llama4"),
          Map.entry("minimax", "minimax-01"),
          Map.entry("minimax_m2", "minimax-m2"),
          Map.entry("ministral3", "mistral3"),
          Map.entry("mistral", "llama"),
          Map.entry("mistral4", "mistral4"),
          Map.entry("mixtral", "llama"),
          Map.entry("olmo2", "olmo2"),
          Map.entry("olmo3", "olmo2"),
          Map.entry("olmoe", "olmoe"),
          Map.entry("phi3", "phi3"),
          Map.entry("qwen2", "qwen2"),
          Map.entry("qwen3", "qwen3"),
          Map.entry("qwen3_moe", "qwen3moe"),
          Map.entry("qwen3_5_text", "qwen35"),
          Map.entry("qwen3_5_moe_text", "qwen35moe"),
          Map.entry("qwen3_next", "qwen3next"),
          Map.entry("smollm3", "smollm3"));

  private GgufArchitectures() {}

  static Optional<String> of(String family) {
    return Optional.ofNullable(BY_FAMILY.get(family));
  }

  /** Families that can be written, in alphabetical order. */
  static List<String> families() {
    return BY_FAMILY.keySet().stream().sorted().toList();
  }
}
