package dev.jandaia.cli;

import dev.jandaia.train.arithmetic.ArithmeticTraining;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the model that Jandaia carries inside itself. */
@Command(
    name = "arithmetic",
    description = {
      "Train the embedded model: two-digit additions and subtractions, written out.",
      "Ctrl-C saves the state; the same command continues."
    },
    mixinStandardHelpOptions = true)
final class TrainArithmeticCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Receives arithmetic.gguf, config.json, model.safetensors, curve.csv and the state.")
  private Path directory;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimiser steps (default: ${DEFAULT-VALUE}).")
  private int steps = ArithmeticTraining.STEPS;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the start and of the order of examples (default: ${DEFAULT-VALUE}).")
  private long seed = ArithmeticTraining.SEED;

  @Mixin private EngineOptions engine = new EngineOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Optional<ArithmeticTraining.Outcome> outcome =
        new ArithmeticTraining(
                directory,
                ArithmeticTraining.recipe(Require.atLeast("--steps", 1, steps), seed),
                engine.threads(),
                spec.commandLine().getOut())
            .run();
    return outcome.isPresent() ? ExitCode.OK : INTERRUPTED;
  }
}
