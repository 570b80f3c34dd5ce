package dev.jandaia.atlas;

import dev.jandaia.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be said about several models without opinions: one column each.
 *
 * @param subjects the models
 * @param machine that tokens per second are predicted for; empty for no prediction
 * @param sections the counts, by topic
 */
public record Sheet(List<Subject> subjects, Optional<Machine> machine, List<Section> sections) {
  /** Contexts that sizes and costs are given for. */
  public static final List<Long> CONTEXTS = List.of(4L << 10, 32L << 10, 128L << 10);

  /** Weight types that bytes are given for. */
  public static final List<DType> WEIGHTS = List.of(DType.F32, DType.BF16, DType.Q8_0, DType.Q4_K);

  public Sheet {
    subjects = List.copyOf(subjects);
    sections = List.copyOf(sections);
  }

  /**
   * Counts models.
   *
   * @param machine to predict tokens per second for; empty for no prediction
   */
  public static Sheet of(List<Subject> subjects, Optional<Machine> machine) {
    List<Section> sections = new ArrayList<>();
    sections.add(ShapeRows.of(subjects));
    sections.add(ParameterRows.of(subjects));
    sections.add(CacheRows.of(subjects));
    sections.add(WorkRows.of(subjects));
    machine.ifPresent(bounds -> sections.add(PredictionRows.of(subjects, bounds)));
    return new Sheet(subjects, machine, sections);
  }

  /** This sheet with one more section. */
  public Sheet with(Section section) {
    List<Section> more = new ArrayList<>(sections);
    more.add(section);
    return new Sheet(subjects, machine, more);
  }

  /** The row of that key. */
  public Optional<Row> row(String key) {
    return sections.stream()
        .flatMap(section -> section.rows().stream())
        .filter(row -> row.key().equals(key))
        .findFirst();
  }
}
