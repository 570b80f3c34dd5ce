package dev.jandaia.atlas.notes;

import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.CacheSize;
import dev.jandaia.atlas.CacheType;
import dev.jandaia.atlas.Gallery;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.atlas.text.LayerPattern;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.LayerCache;
import java.util.Locale;
import java.util.Map;

/** What is cached, by mechanism: latents, groups, windows. */
final class CacheTables {
  private static final String LAYERS = "num_hidden_layers";
  private static final String HEADS = "num_attention_heads";
  private static final String KV_HEADS = "num_key_value_heads";

  private CacheTables() {}

  /** The KV-cache column of DeepSeek-V2's comparison of MHA and MLA. */
  static Table latents() {
    Table table =
        new Table(
            "Latent attention against heads",
            "DeepSeek-V2, arXiv 2405.04434, the cache column of its comparison of MHA and MLA.",
            "model",
            "rule",
            "elements per token",
            "published");
    table.row("small MoE, MHA", "2·H·D·L = 2·16·128·27", elements(heads(27, 16)), "110.6K");
    table.row("small MoE, MLA", "(d_c + r)·L = (512 + 64)·27", elements(latent(27)), "15.6K");
    table.row("large MoE, MHA", "2·H·D·L = 2·56·128·60", elements(heads(60, 56)), "860.2K");
    return table
        .row("large MoE, MLA", "(d_c + r)·L = (512 + 64)·60", elements(latent(60)), "34.6K")
        .remark(
            "The paper does not print the head count of the large model; 56 of 128 elements make"
                + " its width of 7,168.");
  }

  private static ModelSpec heads(int layers, int heads) {
    return Gallery.variant(
        "deepseek-llm-67b",
        Map.of(LAYERS, layers, HEADS, heads, KV_HEADS, heads, "hidden_size", heads * 128));
  }

  private static ModelSpec latent(int layers) {
    return Gallery.variant("deepseek-v2", Map.of(LAYERS, layers));
  }

  /** DeepSeek LLM 67B as it is, and with a key/value head for every query head. */
  static Table groups() {
    ModelSpec grouped = Gallery.spec("deepseek-llm-67b");
    ModelSpec multi = Gallery.variant("deepseek-llm-67b", Map.of(KV_HEADS, 64));
    ModelSpec latent = Gallery.spec("deepseek-v2");
    Table table =
        new Table(
            "Grouped queries in DeepSeek LLM 67B",
            "arXiv 2401.02954: 95 layers, 64 query heads of 128, 8 key/value heads (2305.13245).",
            "attention",
            "elements per token",
            "bf16 per token",
            "bf16 at 4k");
    size(table, "MHA, 64 key/value heads", multi);
    size(table, "GQA, 8 key/value heads", grouped);
    size(table, "MLA, for comparison: DeepSeek-V2", latent);
    double fewer = 1 - (double) perToken(latent) / perToken(grouped);
    double narrower = 1 - (perToken(latent) * 6.0) / (perToken(grouped) * 16.0);
    return table.remark(
        ("MHA / GQA = %d. DeepSeek-V2 caches %s fewer elements than the 67B model; the %s of the"
                + " paper also counts its cache of about 6 bits: 1 − %s·6 / (%s·16).")
            .formatted(
                perToken(multi) / perToken(grouped),
                percent(fewer),
                percent(narrower),
                grouped(perToken(latent)),
                grouped(perToken(grouped))));
  }

  private static void size(Table table, String name, ModelSpec spec) {
    CacheSize cache = CacheSize.of(spec);
    table.row(
        name,
        grouped(perToken(spec)),
        Amounts.bytes(cache.perToken(CacheType.BF16)),
        Amounts.bytes(cache.at(4 << 10, CacheType.BF16)));
  }

  /** Gemma 2's windows in every second layer against Gemma 3's in five of six. */
  static Table windows() {
    Table table =
        new Table(
            "Windows in Gemma 2 and Gemma 3",
            "Gemma 3, arXiv 2503.19786: local layers five to one instead of one to one, and a"
                + " window of 1,024 instead of 4,096.",
            "model",
            "layers",
            "window",
            "context",
            "all layers full, bf16",
            "with windows, bf16",
            "saved");
    for (int context : new int[] {8 << 10, 32 << 10, 128 << 10}) {
      window(table, "gemma-2-27b", context);
      window(table, "gemma-3-27b", context);
    }
    return table;
  }

  private static void window(Table table, String name, long context) {
    ModelSpec spec = Gallery.spec(name);
    CacheCount count = CacheCount.of(spec);
    long window = count.layers().stream().mapToLong(LayerCache::maxTokens).min().orElseThrow();
    double full = count.elementsPerToken() * 2.0 * context;
    double kept = CacheSize.of(spec).at(context, CacheType.BF16);
    table.row(
        name,
        new LayerPattern(spec.blocks()).order(),
        grouped(window),
        context / 1024 + "k",
        Amounts.bytes(full),
        Amounts.bytes(kept),
        percent(1 - kept / full));
  }

  /** A model of 32 layers after 32k tokens with groups, windows, both and neither. */
  static Table both() {
    Table table =
        new Table(
            "Groups and windows together",
            "32 layers, 32 heads of 128, 32,768 tokens in bf16, decimal gigabytes; windows of 1,024"
                + " in five layers of six.",
            "key/value heads",
            "full attention",
            "with windows");
    for (int kvHeads : new int[] {32, 8}) {
      table.row(Integer.toString(kvHeads), gigabytes(kvHeads, 32_768), gigabytes(kvHeads, 1024));
    }
    return table;
  }

  private static String gigabytes(int kvHeads, int window) {
    ModelSpec spec =
        Gallery.variant(
            "gemma-3-27b",
            Map.of(
                LAYERS,
                32,
                HEADS,
                32,
                KV_HEADS,
                kvHeads,
                "head_dim",
                128,
                "sliding_window",
                window));
    double bytes = CacheSize.of(spec).at(32_768, CacheType.BF16);
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  private static String elements(ModelSpec spec) {
    return grouped(perToken(spec));
  }

  private static long perToken(ModelSpec spec) {
    return CacheCount.of(spec).elementsPerToken();
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
