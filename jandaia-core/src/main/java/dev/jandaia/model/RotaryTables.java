package dev.jandaia.model;

import dev.jandaia.op.RotaryTable;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One table of cosines and sines for each distinct position of a spec, shared by all layers that
 * have it.
 */
final class RotaryTables {
  private final Map<Position.Rotary, RotaryTable> tables = new HashMap<>();

  Optional<RotaryTable> of(Position position) {
    return switch (position) {
      case Position.None _ -> Optional.empty();
      case Position.Rotary rotary ->
          Optional.of(tables.computeIfAbsent(rotary, RotaryTables::build));
    };
  }

  /** Sequence lengths beyond which a table gives way to another. */
  int[] limits() {
    return tables.values().stream()
        .mapToInt(RotaryTable::limit)
        .filter(limit -> limit < Integer.MAX_VALUE)
        .distinct()
        .toArray();
  }

  private static RotaryTable build(Position.Rotary rotary) {
    double factor = RopeFrequencies.factor(rotary);
    RotaryTable table = new RotaryTable(RopeFrequencies.of(rotary), factor, rotary.pairing());
    if (rotary.scaling() instanceof RopeScaling.LongRope rule) {
      float[] frequencies = RopeFrequencies.ofLong(rotary, rule);
      return table.upTo(
          rule.originalContext(), new RotaryTable(frequencies, factor, rotary.pairing()));
    }
    return table;
  }
}
