package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.bytes;

import dev.jandaia.atlas.Measurement.Outcome;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What models did on this machine, beside what its bandwidth promised. */
public final class MeasuredRows {
  private final Map<Subject, Outcome> outcomes;
  private final Machine machine;

  private MeasuredRows(Map<Subject, Outcome> outcomes, Machine machine) {
    this.outcomes = outcomes;
    this.machine = machine;
  }

  /**
   * Runs every subject that can run, a few seconds each.
   *
   * @param progress told what is about to run, and why something does not
   */
  public static Section of(
      List<Subject> subjects,
      Machine machine,
      Kernels kernels,
      Workers workers,
      Consumer<String> progress) {
    Measurement measurement = new Measurement(kernels, workers, FreeMemory::bytes);
    Map<Subject, Outcome> outcomes = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      progress.accept("measuring " + subject.name());
      Outcome outcome = measurement.measure(subject);
      if (outcome instanceof Outcome.Refused(String reason)) {
        progress.accept("%s: not measured: %s".formatted(subject.name(), reason));
      }
      outcomes.put(subject, outcome);
    }
    return new MeasuredRows(outcomes, machine).section(subjects);
  }

  private Section section(List<Subject> subjects) {
    Rows rows = new Rows(subjects);
    rows.add("measured_weights", "weights", "", this::weights);
    add(rows, "measured_prefill", "prefill", "tokens/s", this::prefill);
    add(rows, "measured_decode", "decode", "tokens/s", this::decode);
    add(rows, "bandwidth_share", "share of bandwidth", "", this::share);
    add(rows, "measured_weight_bytes", "weights in memory", "B", MeasuredRows::weightBytes);
    add(rows, "measured_cache_bytes", "cache at the end", "B", MeasuredRows::cacheBytes);
    add(rows, "measured_workspace_bytes", "workspace", "B", MeasuredRows::workspaceBytes);
    String refused =
        outcomes.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof Outcome.Refused)
            .map(entry ->
                "%s: %s."
                    .formatted(
                        entry.getKey().name(), ((Outcome.Refused) entry.getValue()).reason()))
            .collect(Collectors.joining(" "));
    return new Section("Measured", ("A short run, f32 cache. " + refused).strip(), rows.filled());
  }

  private void add(
      Rows rows, String key, String label, String unit, Function<Trial, Cell> question) {
    rows.add(
        key,
        label,
        unit,
        subject ->
            outcomes.get(subject) instanceof Outcome.Ran(Trial trial)
                ? question.apply(trial)
                : Cell.NONE);
  }

  private Cell weights(Subject subject) {
    return switch (outcomes.get(subject)) {
      case Outcome.Ran(Trial trial) -> Cell.text(trial.weights());
      case Outcome.Refused _ -> Cell.text("not run");
    };
  }

  private Cell prefill(Trial trial) {
    return Cell.of(
        PredictionRows.number(trial.prefillRate()),
        trial.prefillRate(),
        "a prompt of %d tokens".formatted(trial.prompt()));
  }

  private Cell decode(Trial trial) {
    return Cell.of(
        PredictionRows.number(trial.decodeRate()),
        trial.decodeRate(),
        "after a prompt of %d tokens".formatted(trial.prompt()));
  }

  private Cell share(Trial trial) {
    double moved = trial.movedWeightBytes() * trial.decodeRate();
    double share = moved / machine.bytesPerSecond();
    return Cell.of(
        "%.0f%%".formatted(100 * share),
        share,
        "weights %s × %s tokens/s ÷ %sB/s"
            .formatted(
                bytes(trial.movedWeightBytes()),
                PredictionRows.number(trial.decodeRate()),
                Amounts.si(machine.bytesPerSecond())));
  }

  private static Cell weightBytes(Trial trial) {
    return Cell.of(bytes(trial.weightBytes()), trial.weightBytes(), trial.weights());
  }

  private static Cell cacheBytes(Trial trial) {
    return Cell.of(bytes(trial.cacheBytes()), trial.cacheBytes(), "as allocated, in whole blocks");
  }

  private static Cell workspaceBytes(Trial trial) {
    return Cell.of(bytes(trial.workspaceBytes()), trial.workspaceBytes(), "activations");
  }
}
