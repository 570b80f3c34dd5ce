package dev.jandaia.train;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.spec.ModelSpec;
import java.util.random.RandomGenerator;

/** A model and a task small enough to learn within a test: copy five symbols. */
final class TinyTask {
  static final int SYMBOLS = 12;
  private static final int LENGTH = 5;

  private TinyTask() {}

  static ModelSpec spec() {
    return spec(16);
  }

  static ModelSpec spec(int hiddenSize) {
    return Families.spec(
        Config.parse(
            "tiny",
            """
            {"model_type": "qwen3", "vocab_size": 12, "hidden_size": %d, "intermediate_size": 32,
             "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
             "head_dim": 8, "max_position_embeddings": 16, "tie_word_embeddings": true}
            """
                .formatted(hiddenSize)));
  }

  static TrainingOptions options(int steps) {
    return new TrainingOptions(steps, 8, 1e-2, 2, 0.1, 0.1, 1.0, 7);
  }

  /** Five random symbols, then the same again. */
  static Example copying(RandomGenerator random) {
    int[] ids = new int[2 * LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      ids[i] = random.nextInt(SYMBOLS);
      ids[LENGTH + i] = ids[i];
    }
    return new Example(ids, LENGTH);
  }

  static Trainer trainer(int steps, Workers workers) {
    return new Trainer(spec(), options(steps), TinyTask::copying, Kernels.best(), workers);
  }
}
