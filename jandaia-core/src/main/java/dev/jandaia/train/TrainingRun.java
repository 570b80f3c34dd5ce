package dev.jandaia.train;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Takes all steps of a trainer, with a snapshot now and then; a directory that already holds one is
 * continued.
 */
public final class TrainingRun {
  private static final String SNAPSHOT = "training-state.safetensors";

  private final Path directory;
  private final int stepsPerSnapshot;

  /** Hears of every step. */
  @FunctionalInterface
  public interface Listener {
    void onStep(StepReport report);
  }

  /**
   * @param directory where snapshots go; created if it is missing
   * @param stepsPerSnapshot steps from one snapshot to the next
   */
  public TrainingRun(Path directory, int stepsPerSnapshot) {
    this.directory = directory;
    this.stepsPerSnapshot = stepsPerSnapshot;
  }

  /**
   * Steps until the trainer has finished or {@code stop} says so; either way the last state is
   * saved.
   *
   * @return whether the trainer has finished
   */
  public boolean run(Trainer trainer, BooleanSupplier stop, Listener listener) {
    Path file = directory.resolve(SNAPSHOT);
    create(directory);
    if (trainer.steps() == 0 && Files.exists(file)) {
      trainer.restore(Snapshot.read(file));
    }
    while (!trainer.finished() && !stop.getAsBoolean()) {
      listener.onStep(trainer.step());
      if (trainer.steps() % stepsPerSnapshot == 0) {
        trainer.snapshot().write(file);
      }
    }
    trainer.snapshot().write(file);
    return trainer.finished();
  }

  private static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new JandaiaException(directory + ": cannot be created: " + e, e);
    }
  }
}
