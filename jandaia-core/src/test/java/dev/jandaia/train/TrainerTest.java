package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final Workers WORKERS = Workers.of(2);

  @TempDir Path directory;

  @AfterAll
  static void closeWorkers() {
    WORKERS.close();
  }

  @Test
  void firstTenLossesAreAsRecorded() {
    double[] recorded = {
      2.499666, 2.492050, 2.499899, 2.449754, 2.490749,
      2.480486, 2.395068, 2.407493, 2.407825, 2.404277
    };
    try (Trainer trainer = TinyTask.trainer(10, WORKERS)) {
      assertArrayEquals(recorded, steps(trainer, 10), 2e-5);
    }
  }

  @Test
  void fiveStepsAndFiveMoreAfterAResumeEqualTenBitForBit() {
    TrainingRun run = new TrainingRun(directory, 100);
    try (Trainer straight = TinyTask.trainer(10, WORKERS);
        Trainer first = TinyTask.trainer(10, WORKERS);
        Trainer second = TinyTask.trainer(10, WORKERS)) {
      steps(straight, 10);
      assertFalse(run.run(first, () -> first.steps() == 5, report -> {}));
      assertTrue(run.run(second, () -> false, report -> {}));
      assertEquals(10, second.steps());
      assertSameWeights(straight, second);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void theNumberOfThreadsDoesNotChangeABit(int threads) {
    try (Workers one = Workers.of(1);
        Workers several = Workers.of(threads);
        Trainer alone = TinyTask.trainer(10, one);
        Trainer together = TinyTask.trainer(10, several)) {
      assertArrayEquals(steps(alone, 5), steps(together, 5));
      assertSameWeights(alone, together);
    }
  }

  @Test
  void norWhereThreadsCouldShareTheKeysOfALongSequence() {
    try (Workers one = Workers.of(1);
        Workers five = Workers.of(5);
        Trainer alone = longSequence(one);
        Trainer together = longSequence(five)) {
      assertArrayEquals(steps(alone, 2), steps(together, 2));
      assertSameWeights(alone, together);
    }
  }

  private static Trainer longSequence(Workers workers) {
    TrainingOptions options = new TrainingOptions(2, 1, 1e-2, 0, 0.1, 0.1, 1.0, 7);
    ExampleSource source =
        random -> new Example(random.ints(1100, 0, TinyTask.SYMBOLS).toArray(), 1);
    return new Trainer(TinyTask.spec(), options, source, Kernels.best(), workers);
  }

  @Test
  void copyingIsLearned() {
    try (Trainer trainer = TinyTask.trainer(400, WORKERS)) {
      double[] losses = steps(trainer, 400);
      assertTrue(losses[0] > 2.3, "before: " + losses[0]);
      assertTrue(losses[399] < 0.05, "after: " + losses[399]);
    }
  }

  @Test
  void anUnfinishedRunLeavesASnapshotAndNoTemporaryFile() throws Exception {
    try (Trainer trainer = TinyTask.trainer(10, WORKERS)) {
      new TrainingRun(directory, 2).run(trainer, () -> trainer.steps() == 3, report -> {});
    }
    Path file = directory.resolve("training-state.safetensors");
    assertEquals(3, Snapshot.read(file).steps());
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aSnapshotOfAnotherModelIsRefused() {
    try (Trainer trainer = TinyTask.trainer(10, WORKERS);
        Trainer wider =
            new Trainer(
                TinyTask.spec(24),
                TinyTask.options(10),
                TinyTask::copying,
                Kernels.best(),
                WORKERS)) {
      Snapshot snapshot = trainer.snapshot();
      JandaiaException refused =
          assertThrows(JandaiaException.class, () -> wider.restore(snapshot));
      assertTrue(
          refused.getMessage().contains("expected 288 values, found 192"), refused::getMessage);
    }
  }

  private static double[] steps(Trainer trainer, int count) {
    double[] losses = new double[count];
    for (int i = 0; i < count; i++) {
      losses[i] = trainer.step().loss();
    }
    return losses;
  }

  private static void assertSameWeights(Trainer expected, Trainer actual) {
    for (ParameterSpec parameter : Parameters.of(TinyTask.spec())) {
      assertArrayEquals(
          expected.values(parameter.path()), actual.values(parameter.path()), parameter.path());
    }
  }
}
