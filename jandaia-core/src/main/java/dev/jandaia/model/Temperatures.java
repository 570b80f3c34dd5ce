package dev.jandaia.model;

import dev.jandaia.op.QueryTemperature;
import dev.jandaia.spec.Temperature;
import java.util.Optional;

/** What a {@link Temperature} means for the operations. */
final class Temperatures {
  private Temperatures() {}

  static Optional<QueryTemperature> of(Temperature temperature) {
    return switch (temperature) {
      case Temperature.None _ -> Optional.empty();
      case Temperature.Logarithmic rule ->
          Optional.of(new QueryTemperature((float) rule.beta(), rule.interval(), rule.offset()));
    };
  }
}
