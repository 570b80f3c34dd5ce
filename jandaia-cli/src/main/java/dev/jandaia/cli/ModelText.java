package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.atlas.text.LayerPattern;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.spec.count.LayerCache;
import dev.jandaia.spec.count.ParameterCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A model at a glance: its layers and everything that can be counted without running it. */
final class ModelText {
  private static final long[] CONTEXTS = {4 << 10, 32 << 10, 128 << 10};

  private final ModelSpec spec;
  private final LayerPattern pattern;
  private final StorageWidth width;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param width how wide elements are stored, for counts in bytes
   */
  ModelText(ModelSpec spec, StorageWidth width) {
    this.spec = spec;
    this.pattern = new LayerPattern(spec.blocks());
    this.width = width;
  }

  List<String> lines() {
    lines.add(
        "%s: %d layers, width %s, vocabulary %s, context %s"
            .formatted(
                spec.family(),
                spec.numLayers(),
                Amounts.grouped(spec.hiddenSize()),
                Amounts.grouped(spec.vocabSize()),
                Amounts.grouped(spec.contextLength())));
    layers();
    parameters();
    cache();
    arithmetic();
    return List.copyOf(lines);
  }

  private void layers() {
    heading("Layers");
    boolean several = pattern.counts().size() > 1;
    lines.add("  embedding" + embedding());
    pattern
        .counts()
        .forEach((block, count) -> {
          String letter = several ? pattern.letter(block) + "  " : "";
          lines.add(
              "  %s%d × %s".formatted(letter, count, String.join(", ", BlockText.parts(block))));
        });
    if (several) {
      lines.add("  order " + pattern.order());
    }
    lines.add("  head" + head());
    spec.prediction()
        .ifPresent(modules ->
            lines.add(
                "  multi-token prediction: %d × %s"
                    .formatted(
                        modules.numModules(),
                        String.join(", ", BlockText.parts(modules.block())))));
  }

  private String embedding() {
    StringBuilder text = new StringBuilder();
    if (spec.embedding().scale() != 1) {
      text.append(" × ").append(BlockText.number(spec.embedding().scale()));
    }
    if (spec.embedding().learnedPositions() > 0) {
      text.append(" + learned positions ")
          .append(Amounts.grouped(spec.embedding().learnedPositions()));
    }
    return text.toString();
  }

  private String head() {
    StringBuilder text = new StringBuilder(spec.head().tied() ? " tied to the embedding" : "");
    text.append(text.isEmpty() ? " after " : ", after ").append(BlockText.norm(spec.finalNorm()));
    if (spec.head().scale() != 1) {
      text.append(", × ").append(BlockText.number(spec.head().scale()));
    }
    if (spec.head().softCap() > 0) {
      text.append(", logit cap ").append(BlockText.number(spec.head().softCap()));
    }
    return text.toString();
  }

  private void parameters() {
    ParameterCount count = ParameterCount.of(spec);
    heading("Parameters");
    TextTable table =
        new TextTable()
            .row("total", Amounts.grouped(count.total()), Amounts.count(count.total()))
            .row("active per token", Amounts.grouped(count.active()), Amounts.count(count.active()))
            .row("  without input table", Amounts.grouped(count.activeWithoutInputEmbedding()), "")
            .row(
                "input table", Amounts.grouped(count.embedding()), percent(count.embeddingShare()));
    if (count.routedExperts() > 0) {
      table.row(
          "routed experts",
          Amounts.grouped(count.routedExperts()),
          percent(count.routedExpertShare()));
    }
    if (count.prediction() > 0) {
      table.row(
          "multi-token prediction",
          Amounts.grouped(count.prediction()),
          Amounts.count(count.prediction()) + ", not in the total");
    }
    lines.addAll(table.lines("  "));
  }

  private void cache() {
    heading("Memory of the past (" + width.cacheName() + ")");
    TextTable table = new TextTable().row("", "per token", "at 4k", "at 32k", "at 128k");
    CacheCount count = CacheCount.of(spec);
    if (pattern.counts().size() > 1) {
      kinds(count).forEach((kind, layers) -> row(table, kind, layers));
    }
    row(table, "all layers", count.layers());
    lines.addAll(table.lines("  "));
  }

  private Map<String, List<LayerCache>> kinds(CacheCount count) {
    Map<String, List<LayerCache>> kinds = new LinkedHashMap<>();
    for (int i = 0; i < spec.numLayers(); i++) {
      BlockSpec block = spec.blocks().get(i);
      String name = pattern.letter(block) + " × " + pattern.counts().get(block);
      kinds.computeIfAbsent(name, _ -> new ArrayList<>()).add(count.layers().get(i));
    }
    return kinds;
  }

  private void row(TextTable table, String name, List<LayerCache> layers) {
    CacheCount count = new CacheCount(layers);
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(Amounts.bytes(count.bytesPerToken(width.cacheBytes())));
    for (long context : CONTEXTS) {
      cells.add(Amounts.bytes(count.bytesAt(context, width.cacheBytes())));
    }
    table.row(cells);
  }

  private void arithmetic() {
    FlopCount flops = FlopCount.of(spec);
    DecodeTraffic traffic = DecodeTraffic.of(spec);
    heading("Work (weights " + width.weightName() + ", cache " + width.cacheName() + ")");
    TextTable table = new TextTable().row("", "at 0", "at 4k", "at 32k", "at 128k");
    List<String> prefill = new ArrayList<>(List.of("prefill, all of it", "-"));
    List<String> decode = new ArrayList<>(List.of("decode, one token", flop(flops.decode(0))));
    List<String> moved = new ArrayList<>(List.of("bytes moved per token", moved(traffic, 0)));
    for (long context : CONTEXTS) {
      prefill.add(flop(flops.prefill(context)));
      decode.add(flop(flops.decode(context)));
      moved.add(moved(traffic, context));
    }
    lines.addAll(table.row(prefill).row(decode).row(moved).lines("  "));
  }

  private String moved(DecodeTraffic traffic, long context) {
    return Amounts.bytes(traffic.bytes(context, width.weightBytes(), width.cacheBytes()));
  }

  private static String flop(long count) {
    return Amounts.si(count) + "FLOP";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private void heading(String text) {
    lines.add("");
    lines.add(text);
  }
}
