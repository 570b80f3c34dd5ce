package dev.jandaia.atlas;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Runs a subject for a few seconds: the checkpoint itself where there is one, random weights of its
 * shape where they fit into memory.
 */
final class Measurement {
  private static final int PROMPT = 64;

  /** Left to others when random weights are allocated. */
  private static final double MARGIN = 0.75;

  private final Kernels kernels;
  private final Workers workers;
  private final LongSupplier freeBytes;

  Measurement(Kernels kernels, Workers workers, LongSupplier freeBytes) {
    this.kernels = kernels;
    this.workers = workers;
    this.freeBytes = freeBytes;
  }

  /** What came of it: a trial, or why there was none. */
  sealed interface Outcome {
    /** It ran. */
    record Ran(Trial trial) implements Outcome {}

    /** It did not. */
    record Refused(String reason) implements Outcome {}
  }

  Outcome measure(Subject subject) {
    return subject.weights().map(this::stored).orElseGet(() -> random(subject.spec()));
  }

  private Outcome stored(Path path) {
    try (LoadedModel loaded = LoadedModel.open(path, kernels)) {
      Map<DType, Long> bytes = bytes(loaded.source());
      long total = bytes.values().stream().mapToLong(Long::longValue).sum();
      DType most =
          bytes.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .orElse(DType.F32);
      double perWeight = (double) total / ParameterCount.of(loaded.spec()).total();
      return ran(loaded.model(), most + " as stored", total, perWeight);
    }
  }

  private Outcome random(ModelSpec full) {
    ModelSpec spec = full.withoutPrediction();
    long parameters =
        Parameters.of(spec).stream().mapToLong(parameter -> parameter.elements()).sum();
    long needed = parameters * RandomWeights.BYTES;
    long free = freeBytes.getAsLong();
    if (needed > free * MARGIN) {
      return new Outcome.Refused(
          "random bf16 weights need %s, free are %s"
              .formatted(Amounts.bytes(needed), Amounts.bytes(free)));
    }
    try (Arena arena = Arena.ofShared()) {
      LanguageModel model = new LanguageModel(spec, new RandomWeights(kernels, arena));
      return ran(model, "random BF16", needed, RandomWeights.BYTES);
    }
  }

  private Outcome ran(LanguageModel model, String weights, long bytes, double perWeight) {
    Compute compute = new Compute(kernels, workers);
    int prompt = Math.min(PROMPT, Math.max(1, model.spec().contextLength() / 2));
    Trial.Times times = Trial.run(model, compute, prompt);
    return new Outcome.Ran(
        new Trial(
            weights,
            bytes,
            DecodeTraffic.of(model.spec()).weights() * perWeight,
            prompt,
            times.prefillRate(),
            times.decodeRate(),
            times.cacheBytes(),
            compute.workspaceBytes()));
  }

  private static Map<DType, Long> bytes(WeightSource source) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (Tensor tensor : source.tensors().values()) {
      bytes.merge(tensor.dtype(), tensor.data().byteSize(), Long::sum);
    }
    return bytes;
  }
}
