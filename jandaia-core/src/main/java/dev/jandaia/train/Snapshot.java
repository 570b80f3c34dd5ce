package dev.jandaia.train;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A training run at rest: weights, moments, steps taken, and the state of the random numbers. As a
 * file: safetensors with {@code value.}, {@code mean.} and {@code square.} of every parameter.
 */
public final class Snapshot {
  private static final String STEPS = "steps";
  private static final String RANDOM = "random";

  private final int steps;
  private final long random;
  private final Map<String, float[]> tensors;

  private Snapshot(int steps, long random, Map<String, float[]> tensors) {
    this.steps = steps;
    this.random = random;
    this.tensors = tensors;
  }

  static Snapshot of(List<TrainableParameter> parameters, AdamW optimizer, long random) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      String path = parameters.get(i).path();
      AdamW.Moments moments = optimizer.moments().get(i);
      tensors.put("value." + path, parameters.get(i).copy());
      tensors.put("mean." + path, moments.mean().clone());
      tensors.put("square." + path, moments.square().clone());
    }
    return new Snapshot(optimizer.steps(), random, tensors);
  }

  /** Steps taken when it was made. */
  public int steps() {
    return steps;
  }

  long random() {
    return random;
  }

  void restore(List<TrainableParameter> parameters, AdamW optimizer) {
    for (int i = 0; i < parameters.size(); i++) {
      TrainableParameter parameter = parameters.get(i);
      AdamW.Moments moments = optimizer.moments().get(i);
      parameter.write(0, parameter.size(), tensor("value.", parameter));
      System.arraycopy(tensor("mean.", parameter), 0, moments.mean(), 0, parameter.size());
      System.arraycopy(tensor("square.", parameter), 0, moments.square(), 0, parameter.size());
    }
    optimizer.resumeAfter(steps);
  }

  private float[] tensor(String prefix, TrainableParameter parameter) {
    float[] values = tensors.get(prefix + parameter.path());
    if (values == null || values.length != parameter.size()) {
      throw new JandaiaException(
          "snapshot: %s%s: expected %d values, found %s"
              .formatted(
                  prefix,
                  parameter.path(),
                  parameter.size(),
                  values == null ? "none" : values.length));
    }
    return values;
  }

  /** Writes a file, replacing an older one only when complete. */
  public void write(Path target) {
    List<TensorOutput> outputs = new ArrayList<>();
    tensors.forEach(
        (name, values) -> outputs.add(TensorOutput.of(name, Shape.of(values.length), values)));
    Map<String, String> metadata =
        Map.of(STEPS, Integer.toString(steps), RANDOM, Long.toString(random));
    SafetensorsWriter.write(target, metadata, outputs);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws JandaiaException if the file is damaged or something else
   */
  public static Snapshot read(Path source) {
    try (SafetensorsFile file = SafetensorsFile.open(source)) {
      Map<String, float[]> tensors = new LinkedHashMap<>();
      file.tensors().forEach((name, tensor) -> tensors.put(name, floats(source, tensor)));
      return new Snapshot(Math.toIntExact(number(file, STEPS)), number(file, RANDOM), tensors);
    }
  }

  private static float[] floats(Path source, Tensor tensor) {
    if (tensor.dtype() != DType.F32) {
      throw new JandaiaException(
          "%s: tensor %s: expected F32, found %s".formatted(source, tensor.name(), tensor.dtype()));
    }
    return BlockCodec.floats(tensor);
  }

  private static long number(SafetensorsFile file, String field) {
    String text = file.metadata().getOrDefault(field, "nothing");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new JandaiaException(
          "%s: metadata %s: expected a whole number, found %s"
              .formatted(file.origin(), field, text),
          e);
    }
  }
}
