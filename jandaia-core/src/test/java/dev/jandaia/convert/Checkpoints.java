package dev.jandaia.convert;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.load.StoredTensors;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;

/** Small models in directories, and what they say. */
final class Checkpoints {
  private Checkpoints() {}

  /**
   * Writes a model of random weights.
   *
   * @param change may change the values of a parameter
   */
  static Path random(Path directory, String config, BiConsumer<ParameterSpec, float[]> change)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config);
    ModelSpec spec = Families.spec(Config.parse("config.json", config));
    List<TensorOutput> tensors =
        StoredTensors.arrange(
            spec,
            Families.of(spec.family()),
            parameter -> {
              float[] values = values(parameter);
              change.accept(parameter, values);
              return values;
            });
    SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), tensors);
    return directory;
  }

  static float[] values(ParameterSpec parameter) {
    Random random = new Random(parameter.path().hashCode());
    boolean vector = parameter.shape().size() == 1;
    double deviation = vector ? 0.2 : 1 / Math.sqrt(parameter.shape().getLast());
    float[] values = new float[(int) parameter.elements()];
    for (int i = 0; i < values.length; i++) {
      double mean = parameter.path().endsWith("orm.weight") ? 0.8 : 0;
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }

  static List<String> convert(Conversion conversion, Path from, Path to) {
    return new DirectoryConversion(conversion, Optional.empty(), Long.MAX_VALUE).convert(from, to);
  }

  /** Logits of all positions. */
  static float[] logits(Path directory, int... ids) {
    try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best());
        Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.best(), workers);
      Batch batch = new Batch();
      batch.add(SequenceCache.none(loaded.spec()), ids, 0, ids.length);
      Matrix hidden = loaded.model().hidden(compute, batch, LanguageModel.Observer.NONE);
      Matrix logits = loaded.model().logits(compute, hidden);
      int start = logits.offset(0);
      return Arrays.copyOfRange(logits.data(), start, start + logits.size());
    }
  }

  /** Logits of all positions, token after token through the caches. */
  static float[] decoded(Path directory, int... ids) {
    try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best());
        Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.best(), workers);
      SequenceCache cache = loaded.model().newSequence();
      int vocab = loaded.spec().vocabSize();
      float[] all = new float[ids.length * vocab];
      for (int i = 0; i < ids.length; i++) {
        Batch batch = new Batch();
        batch.add(cache, ids[i]);
        Matrix logits = loaded.model().nextTokenLogits(compute, batch);
        System.arraycopy(logits.data(), logits.offset(0), all, i * vocab, vocab);
      }
      return all;
    }
  }

  /** ‖b − a‖/‖a‖. */
  static double apart(float[] a, float[] b) {
    double apart = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      apart += Math.pow((double) a[i] - b[i], 2);
      size += Math.pow(a[i], 2);
    }
    return Math.sqrt(apart / size);
  }

  static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }
}
