package dev.jandaia.atlas.page;

import static dev.jandaia.atlas.page.Markup.escaped;

import dev.jandaia.atlas.Cell;
import dev.jandaia.atlas.Layers;
import dev.jandaia.atlas.Row;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import dev.jandaia.atlas.text.LayerPattern;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A sheet as one page: at a glance, architectures side by side, plots, and all counts. */
public final class ComparisonPage {
  private static final List<String> AT_A_GLANCE =
      List.of(
          "total_parameters",
          "active_parameters",
          "kv_bf16_per_token",
          "kv_bf16_at_131072",
          "decode_flops_at_4096",
          "predicted_decode_bf16",
          "measured_decode");

  private final Sheet sheet;

  private ComparisonPage(Sheet sheet) {
    this.sheet = sheet;
  }

  /** The page. */
  public static String of(Sheet sheet) {
    return new ComparisonPage(sheet).page();
  }

  private String page() {
    String names = sheet.subjects().stream().map(Subject::name).collect(Collectors.joining(" · "));
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>%1$s</title>
    <style>
    %2$s</style>
    </head>
    <body>
    <header>
    <h1>%1$s</h1>
    <p class="note">Drawn and counted from the architectures alone. Marked: what is not common to all models.</p>
    </header>
    <main>
    <section id="glance" class="cards">
    %3$s</section>
    <section id="architectures">
    <h2>Architectures</h2>
    %4$s
    <div class="diagrams">
    %5$s</div>
    </section>
    <section id="plots">
    <h2>What the context costs</h2>
    <div class="charts">
    %6$s</div>
    </section>
    <section id="counts">
    <h2>Counts</h2>
    <p class="note">A number opens to show its formula, with the numbers put in.
    <button type="button" id="formulas" aria-pressed="false">Show all formulas</button></p>
    %7$s</section>
    </main>
    <footer class="note">Made by Jandaia. This page needs no network.</footer>
    <script>
    %8$s</script>
    </body>
    </html>
    """
        .formatted(
            escaped(names),
            resource("page.css"),
            cards(),
            legend(),
            diagrams(),
            plots(),
            CountTables.of(sheet),
            resource("page.js"));
  }

  private String cards() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < sheet.subjects().size(); i++) {
      Subject subject = sheet.subjects().get(i);
      out.append(
          "<article class=\"card-%d\"><h2>%s</h2><p class=\"note\">%s, %d layers</p><dl>\n"
              .formatted(
                  i % 6,
                  escaped(subject.name()),
                  escaped(subject.spec().family()),
                  subject.spec().numLayers()));
      for (String key : AT_A_GLANCE) {
        int model = i;
        sheet.row(key).ifPresent(row -> out.append(fact(key, row, model)));
      }
      out.append("</dl></article>\n");
    }
    return out.toString();
  }

  private static String fact(String key, Row row, int model) {
    Cell cell = row.cells().get(model);
    String label =
        switch (key) {
          case "total_parameters" -> "parameters";
          case "active_parameters" -> "active per token";
          case "kv_bf16_per_token" -> "cache per token, bf16";
          case "kv_bf16_at_131072" -> "cache at 128k, bf16";
          case "decode_flops_at_4096" -> "FLOP per token at 4k";
          case "predicted_decode_bf16" -> "tokens/s at 4k, at most";
          default -> "tokens/s measured";
        };
    return "<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(escaped(label), escaped(cell.text()));
  }

  private static String legend() {
    return """
    <p class="legend"><span><i class="key attention"></i>attention of heads</span>
    <span><i class="key latent"></i>latent attention</span>
    <span><i class="key state"></i>recurrent state</span>
    <span><i class="key mlp"></i>feed-forward</span>
    <span><i class="key experts"></i>experts</span>
    <span><i class="key differs"></i>not common to all</span></p>
    """;
  }

  private String diagrams() {
    List<List<Layers.Kind>> layers = Layers.of(sheet.subjects()).models();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < sheet.subjects().size(); i++) {
      Subject subject = sheet.subjects().get(i);
      out.append(
          "<figure><figcaption><b>%s</b><br>%d layers: %s</figcaption>\n%s</figure>\n"
              .formatted(
                  escaped(subject.name()),
                  subject.spec().numLayers(),
                  escaped(new LayerPattern(subject.spec().blocks()).order()),
                  Diagram.of(subject.name(), subject.spec(), layers.get(i))));
    }
    return out.toString();
  }

  private String plots() {
    return Plots.of(sheet).stream()
        .map("<figure>\n%s</figure>\n"::formatted)
        .collect(Collectors.joining());
  }

  private static String resource(String name) {
    try (InputStream in =
        Optional.ofNullable(ComparisonPage.class.getResourceAsStream(name))
            .orElseThrow(() -> new IllegalStateException(name + ": not on the class path"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
