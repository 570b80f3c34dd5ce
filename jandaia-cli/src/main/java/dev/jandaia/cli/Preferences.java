package dev.jandaia.cli;

import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.generate.sample.SamplerOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a model wants to be sampled. */
final class Preferences {
  private Preferences() {}

  /** The defaults, with what {@code generation_config.json} beside the weights says. */
  static SamplerChain of(Path model) {
    Path file = model.resolve("generation_config.json");
    return Files.exists(file)
        ? SamplerOptions.fromGenerationConfig(JsonFile.read(file), SamplerChain.DEFAULT)
        : SamplerChain.DEFAULT;
  }
}
