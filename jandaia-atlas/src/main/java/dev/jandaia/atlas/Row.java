package dev.jandaia.atlas;

import java.util.List;

/**
 * One count of all models.
 *
 * @param key its name in JSON: {@code total_parameters}
 * @param label for people
 * @param unit of the values: {@code B}, {@code FLOP}, {@code tokens/s}; empty for plain numbers
 * @param cells one for each model
 */
public record Row(String key, String label, String unit, List<Cell> cells) {
  public Row {
    cells = List.copyOf(cells);
  }

  /** Whether the models differ here. */
  public boolean differs() {
    return cells.stream().map(Row::compared).distinct().count() > 1;
  }

  /** Whether a model differs from the first. */
  public boolean differsFromFirst(int model) {
    return !compared(cells.get(model)).equals(compared(cells.getFirst()));
  }

  private static Object compared(Cell cell) {
    return cell.value().<Object>map(value -> value).orElse(cell.text());
  }
}
