package dev.jandaia.convert;

import dev.jandaia.checkpoint.NewDirectory;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.HubExport;
import dev.jandaia.family.PlannedTensor;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.CheckpointWeights;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a model as a Hugging Face directory, {@code config.json} and {@code model.safetensors},
 * that transformers loads as it is; the tokenizer comes along.
 */
public final class HubConversion {
  /** Types that a checkpoint of the hub has, the most exact first. */
  private static final List<DType> PLAIN = List.of(DType.F32, DType.F16, DType.BF16);

  private final Optional<DType> type;
  private final Consumer<String> notes;

  /**
   * @param type of all tensors; without one each stays as it is, and what is quantised becomes F32
   * @param notes told what is left behind
   * @throws JandaiaException if the type is not one that transformers loads
   */
  public HubConversion(Optional<DType> type, Consumer<String> notes) {
    this.type = type;
    this.notes = notes;
    type.ifPresent(asked -> {
      if (!PLAIN.contains(asked)) {
        throw new JandaiaException("type %s: expected one of F32, F16, BF16".formatted(asked));
      }
    });
  }

  /**
   * Converts a Hugging Face directory or a GGUF file; the directory appears only when it is
   * complete.
   *
   * @throws JandaiaException if the model cannot be read, its family cannot express it, something
   *     lies at {@code to} already, or writing fails
   */
  public void convert(Path from, Path to) {
    if (!Files.exists(to)) {
      makeParent(to);
    }
    NewDirectory.write(
        to,
        directory -> {
          // read through the scalar kernels, which use weights where they lie
          try (LoadedModel loaded = LoadedModel.open(from, Kernels.scalar())) {
            write(loaded, from, directory);
          }
          copyCompanions(from, directory);
        });
  }

  private static void makeParent(Path to) {
    try {
      Files.createDirectories(to.toAbsolutePath().normalize().getParent());
    } catch (IOException e) {
      throw new JandaiaException(to + ": cannot be written: " + e, e);
    }
  }

  private void write(LoadedModel loaded, Path from, Path directory) throws IOException {
    HubExport export = HubExport.of(loaded.spec());
    List<TensorOutput> tensors = new ArrayList<>();
    for (PlannedTensor tensor : export.tensors()) {
      Shape shape = Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
      DType stored = type.orElseGet(() -> stored(tensor, loaded.weights()));
      tensors.add(new FilledTensor(tensor, shape, loaded.weights()).output(stored));
    }
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
    ObjectNode config = (ObjectNode) export.config();
    TokenIds.copy(from, loaded.source(), config);
    config.put("torch_dtype", Storage.torchName(mostCommon(tensors)));
    Files.writeString(
        directory.resolve("config.json"),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
  }

  /** As what fills it is stored, where that is of one plain type; else F32. */
  private static DType stored(PlannedTensor tensor, CheckpointWeights weights) {
    if (!(tensor instanceof PlannedTensor.Filled(_, _, List<PlannedTensor.Source> sources))) {
      return DType.F32;
    }
    List<DType> types =
        sources.stream().map(source -> weights.dtype(source.parameter())).distinct().toList();
    return types.size() == 1 && PLAIN.contains(types.getFirst()) ? types.getFirst() : DType.F32;
  }

  private static DType mostCommon(List<TensorOutput> tensors) {
    return PLAIN.stream()
        .max(
            Comparator.comparingLong(type ->
                tensors.stream()
                    .filter(tensor -> tensor.dtype() == type)
                    .mapToLong(TensorOutput::byteSize)
                    .sum()))
        .orElseThrow();
  }

  private void copyCompanions(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      new HubTokenizer(from, notes).write(to);
      return;
    }
    Companions.copy(from, to);
  }
}
