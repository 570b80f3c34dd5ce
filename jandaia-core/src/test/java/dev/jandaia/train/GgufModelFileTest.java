package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufModelFileTest {
  @TempDir Path directory;

  @Test
  void theFileComputesWhatTheTrainedModelComputes() {
    Path file = directory.resolve("tiny.gguf");
    try (Workers workers = Workers.of(2);
        Trainer trainer = TinyTask.trainer(3, workers)) {
      trainer.step();
      GgufModelFile.write(
          file, TinyTask.spec(), p -> trainer.values(p.path()), DType.F32, Map.of());
      try (LoadedModel loaded = LoadedModel.open(file, Kernels.best())) {
        assertEquals(List.of(), loaded.unread());
        assertArrayEquals(
            logits(trainer.model(), trainer.compute()), logits(loaded.model(), trainer.compute()));
      }
    }
  }

  private static float[] logits(LanguageModel model, Compute compute) {
    Batch batch = new Batch();
    batch.add(model.newSequence(), new int[] {1, 2, 3, 4}, 0, 4);
    Matrix logits = model.nextTokenLogits(compute, batch);
    return Arrays.copyOf(logits.data(), logits.size());
  }
}
