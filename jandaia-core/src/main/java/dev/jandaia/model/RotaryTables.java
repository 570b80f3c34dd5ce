package dev.jandaia.model;

import dev.jandaia.op.RotaryTable;
import dev.jandaia.spec.Position;
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

  private static RotaryTable build(Position.Rotary rotary) {
    return new RotaryTable(
        RopeFrequencies.of(rotary), RopeFrequencies.factor(rotary), rotary.pairing());
  }
}
