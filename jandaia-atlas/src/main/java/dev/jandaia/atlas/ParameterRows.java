package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.count;
import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterCount;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** How many parameters there are, and how many of them a token meets. */
final class ParameterRows {
  private ParameterRows() {}

  static Section of(List<Subject> subjects) {
    Rows rows = new Rows(subjects);
    rows.add("total_parameters", "total", "", ParameterRows::total);
    rows.add("active_parameters", "active per token", "", ParameterRows::active);
    rows.add(
        "active_without_input_table",
        "active without input table",
        "",
        ParameterRows::activeWithoutInputTable);
    rows.add("input_table_parameters", "input table", "", ParameterRows::inputTable);
    rows.add("routed_expert_parameters", "routed experts", "", ParameterRows::routed);
    rows.add("prediction_parameters", "multi-token prediction", "", ParameterRows::prediction);
    rows.add("published_total", "published total", "", published(Gallery.Published::parameters));
    rows.add("published_active", "published active", "", published(Gallery.Published::active));
    return new Section("Parameters", "Learned ones; a tied table counts once.", rows.filled());
  }

  private static Cell total(Subject subject) {
    long total = ParameterCount.of(subject.spec()).total();
    return Cell.of(count(total), total, ParameterWorking.lines(subject.spec()));
  }

  private static Cell active(Subject subject) {
    ParameterCount parameters = ParameterCount.of(subject.spec());
    List<String> working = new ArrayList<>();
    if (parameters.routedExperts() == 0) {
      working.add("every token meets every parameter: total = " + grouped(parameters.total()));
      return Cell.of(count(parameters.active()), parameters.active(), working);
    }
    working.add("total − experts that a token does not visit");
    for (LayerKind kind : LayerKind.of(subject.spec())) {
      MixtureOfExperts.in(kind.block().feedForward())
          .ifPresent(moe -> working.add(idleExperts(kind, moe)));
    }
    working.add(
        "%s − %s = %s"
            .formatted(
                grouped(parameters.total()),
                grouped(parameters.total() - parameters.active()),
                grouped(parameters.active())));
    return Cell.of(count(parameters.active()), parameters.active(), working);
  }

  private static String idleExperts(LayerKind kind, MixtureOfExperts moe) {
    return "layer %s: %d × (E − K = %d − %d) × one expert of width %s"
        .formatted(
            kind.letter(),
            kind.layers(),
            moe.numExperts(),
            moe.router().topK(),
            grouped(moe.expert().intermediateSize()));
  }

  private static Cell activeWithoutInputTable(Subject subject) {
    ParameterCount parameters = ParameterCount.of(subject.spec());
    long active = parameters.activeWithoutInputEmbedding();
    String working =
        parameters.head() == 0
            ? "the input table is the head as well: active = " + grouped(active)
            : "active − input table = %s − %s = %s"
                .formatted(
                    grouped(parameters.active()), grouped(parameters.embedding()), grouped(active));
    return Cell.of(count(active), active, working);
  }

  private static Cell inputTable(Subject subject) {
    ModelSpec spec = subject.spec();
    long table = ParameterCount.of(spec).embedding();
    String working =
        "V·C = %s × %s".formatted(grouped(spec.vocabSize()), grouped(spec.hiddenSize()));
    if (spec.embedding().learnedPositions() > 0) {
      working += ", positions %s × C".formatted(grouped(spec.embedding().learnedPositions()));
    }
    return Cell.of(count(table), table, working + " = " + grouped(table));
  }

  private static Cell routed(Subject subject) {
    long routed = ParameterCount.of(subject.spec()).routedExperts();
    return routed == 0
        ? Cell.NONE
        : Cell.of(count(routed), routed, "Σ layers E·(3·C·F) = " + grouped(routed));
  }

  private static Cell prediction(Subject subject) {
    long parameters = ParameterCount.of(subject.spec()).prediction();
    return parameters == 0
        ? Cell.NONE
        : Cell.of(
            count(parameters),
            parameters,
            "modules beside the model, not in its total: M·(2·C² + 3·C + one layer) = "
                + grouped(parameters));
  }

  private static Function<Subject, Cell> published(
      Function<Gallery.Published, OptionalDouble> figure) {
    return subject -> {
      OptionalDouble value = subject.published().map(figure).orElse(OptionalDouble.empty());
      return value.isEmpty()
          ? Cell.NONE
          : Cell.of(
              count(value.getAsDouble()),
              Math.round(value.getAsDouble()),
              "as the publisher rounds it");
    };
  }
}
