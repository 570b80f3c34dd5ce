package dev.jandaia.atlas.notes;

import static dev.jandaia.atlas.text.Amounts.count;
import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.CacheSize;
import dev.jandaia.atlas.CacheType;
import dev.jandaia.atlas.Gallery;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.atlas.text.LayerPattern;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.spec.count.ParameterCount;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Two models beside each other, as the notes do it. */
final class ModelTables {
  private ModelTables() {}

  /** Total and active parameters of mixtures of experts. */
  static Table mixtures() {
    Table table =
        new Table(
            "Total and active parameters",
            "As published in the papers and model cards, rounded.",
            "model",
            "total",
            "active",
            "active without input table",
            "published");
    for (String name : List.of("deepseek-v2", "deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b")) {
      ParameterCount parameters = ParameterCount.of(Gallery.spec(name));
      Gallery.Published published = Gallery.published(name);
      table.row(
          name,
          grouped(parameters.total()),
          grouped(parameters.active()),
          grouped(parameters.activeWithoutInputEmbedding()),
          "%s / %s"
              .formatted(
                  count(published.parameters().orElseThrow()),
                  count(published.active().orElseThrow())));
    }
    return table.remark("Publishers differ in whether the input table counts as active.");
  }

  /** Many small experts against few large ones. */
  static Table deepseekAndLlama4() {
    Pair pair = new Pair("DeepSeek-V3 and Llama 4 Maverick", "deepseek-v3", "llama-4-maverick");
    pair.shape();
    pair.row("layers with experts", spec -> experts(spec).count() + " of " + spec.numLayers());
    pair.row("routed experts", spec -> Integer.toString(mixture(spec).numExperts()));
    pair.row("active per token", ModelTables::activeExperts);
    pair.row("expert width", spec -> grouped(mixture(spec).expert().intermediateSize()));
    pair.costs();
    return pair.table;
  }

  private static Stream<MixtureOfExperts> experts(ModelSpec spec) {
    return spec.blocks().stream()
        .map(block -> block.feedForward())
        .filter(MixtureOfExperts.class::isInstance)
        .map(MixtureOfExperts.class::cast);
  }

  private static MixtureOfExperts mixture(ModelSpec spec) {
    return experts(spec).findFirst().orElseThrow();
  }

  private static String activeExperts(ModelSpec spec) {
    int routed = mixture(spec).router().topK();
    return "%d (%d routed + 1 shared)".formatted(routed + 1, routed);
  }

  /** Deep and narrow against shallow and wide. */
  static Table qwenAndLlama() {
    Pair pair = new Pair("Qwen3 0.6B and Llama 3.2 1B", "qwen3-0.6b", "llama-3.2-1b");
    pair.shape();
    pair.row(
        "feed-forward width",
        spec ->
            spec.blocks().getFirst().feedForward() instanceof GatedMlp mlp
                ? grouped(mlp.intermediateSize())
                : "-");
    pair.costs();
    return pair.table;
  }

  /** A table with a column for each of two models. */
  private static final class Pair {
    private final Table table;
    private final List<ModelSpec> specs;

    Pair(String title, String... names) {
      specs = Arrays.stream(names).map(Gallery::spec).toList();
      table = new Table(title, "From the published configurations.", "", names[0], names[1]);
    }

    void row(String label, Function<ModelSpec, String> question) {
      table.row(label, question.apply(specs.get(0)), question.apply(specs.get(1)));
    }

    void shape() {
      row("layers", spec -> Integer.toString(spec.numLayers()));
      row("order", spec -> new LayerPattern(spec.blocks()).order());
      row("width", spec -> grouped(spec.hiddenSize()));
      row("vocabulary", spec -> grouped(spec.vocabSize()));
      row("attention", spec -> BlockText.mixer(spec.blocks().getFirst().mixer()).getFirst());
    }

    void costs() {
      row("parameters", spec -> grouped(ParameterCount.of(spec).total()));
      row("active", spec -> grouped(ParameterCount.of(spec).active()));
      row("cache per token, bf16", spec -> Amounts.bytes(cache(spec).perToken(CacheType.BF16)));
      row("cache at 32k, bf16", spec -> Amounts.bytes(cache(spec).at(32 << 10, CacheType.BF16)));
      row("FLOP per token at 4k", spec -> Amounts.si(FlopCount.of(spec).decode(4 << 10)));
    }

    private static CacheSize cache(ModelSpec spec) {
      return CacheSize.of(spec);
    }
  }
}
