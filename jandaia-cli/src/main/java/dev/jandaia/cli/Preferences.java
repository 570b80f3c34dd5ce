package dev.jandaia.cli;

import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.generate.sample.SamplerOptions;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How a model wants to be sampled. */
final class Preferences {
  private Preferences() {}

  /** The defaults, with what {@code generation_config.json} beside the weights says. */
  static SamplerChain of(Path model) {
    Path file = model.resolve("generation_config.json");
    if (!Files.exists(file)) {
      return SamplerChain.DEFAULT;
    }
    try {
      return SamplerOptions.fromGenerationConfig(
          JsonMapper.shared().readTree(Files.readString(file)), SamplerChain.DEFAULT);
    } catch (JacksonException e) {
      throw new JandaiaException(file + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
