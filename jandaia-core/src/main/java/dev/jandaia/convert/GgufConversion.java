package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.checkpoint.GgufWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.GgufExport;
import dev.jandaia.family.PlannedTensor;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes a model as one GGUF file, its matrices in a type of the caller's choice. */
public final class GgufConversion {
  private static final String SPLIT_PREFIX = "split.";
  private static final int QUANTISATION_VERSION = 2;

  private final Quantisation quantisation;
  private final Consumer<String> notes;
  private final Map<DType, List<String>> forced = new EnumMap<>(DType.class);

  /**
   * @param notes told what does not come out as asked: tensors of another type, a tokenizer that is
   *     left behind
   */
  public GgufConversion(Quantisation quantisation, Consumer<String> notes) {
    this.quantisation = quantisation;
    this.notes = notes;
  }

  /**
   * Converts a Hugging Face directory or a GGUF file; an older file is replaced only when the new
   * one is complete.
   *
   * @throws dev.jandaia.tensor.JandaiaException if the model cannot be read, GGUF cannot express
   *     it, or writing fails
   */
  public void convert(Path from, Path to) {
    if (Files.isDirectory(from)) {
      convertDirectory(from, to);
    } else {
      convertGguf(from, to);
    }
  }

  private void convertGguf(Path from, Path to) {
    try (GgufFile file = GgufFile.open(from)) {
      Map<String, GgufValue> metadata = new LinkedHashMap<>(file.typedMetadata());
      // what comes out is in one piece
      metadata.keySet().removeIf(key -> key.startsWith(SPLIT_PREFIX));
      List<TensorOutput> tensors = new ArrayList<>();
      boolean experts = file.tensors().keySet().stream().anyMatch(GgufConversion::isExpert);
      for (Tensor tensor : file.tensors().values()) {
        DType type = typeOf(tensor.name(), tensor.shape(), experts);
        tensors.add(TensorOutput.recoded(tensor, tensor.dtype() == DType.I32 ? DType.I32 : type));
      }
      write(to, metadata, tensors);
    }
  }

  private void convertDirectory(Path from, Path to) {
    // read through the scalar kernels, which use weights where they lie
    try (LoadedModel loaded = LoadedModel.open(from, Kernels.scalar())) {
      GgufExport export = GgufExport.of(loaded.spec());
      if (loaded.spec().prediction().isPresent() && !export.hasPrediction()) {
        notes.accept("the modules for multi-token prediction are left out");
      }
      Map<String, GgufValue> metadata = new LinkedHashMap<>();
      export.metadata().forEach((key, value) -> metadata.put(key, GgufValue.usual(value)));
      metadata.put(
          "general.name", GgufValue.of(from.toAbsolutePath().normalize().getFileName().toString()));
      // other readers ask for a tokenizer, if only to be told that there is none
      metadata.put("tokenizer.ggml.model", GgufValue.of("none"));
      metadata.putAll(TokenizerMetadata.of(from, loaded.spec().vocabSize(), notes));
      List<TensorOutput> tensors = new ArrayList<>();
      boolean experts = export.tensors().stream().anyMatch(tensor -> isExpert(tensor.name()));
      for (PlannedTensor tensor : export.tensors()) {
        Shape shape = Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
        DType type = tensor.isTable() ? DType.I32 : typeOf(tensor.name(), shape, experts);
        tensors.add(new FilledTensor(tensor, shape, loaded.weights()).output(type));
      }
      write(to, metadata, tensors);
    }
  }

  private void write(Path to, Map<String, GgufValue> metadata, List<TensorOutput> tensors) {
    metadata.put("general.file_type", GgufValue.u32(quantisation.fileType()));
    metadata.put("general.quantization_version", GgufValue.u32(QUANTISATION_VERSION));
    noteForced();
    GgufWriter.write(to, metadata, tensors);
  }

  /** MXFP4 is for experts where there are any, as gpt-oss has it; other matrices are Q8_0. */
  private DType typeOf(String name, Shape shape, boolean experts) {
    if (quantisation.type() == DType.MXFP4 && experts && !isExpert(name)) {
      return new Quantisation(DType.Q8_0).typeOf(name, shape);
    }
    DType type = quantisation.typeOf(name, shape);
    if (quantisation.isForced(type, shape)) {
      forced.computeIfAbsent(type, _ -> new ArrayList<>()).add(name);
    }
    return type;
  }

  private static boolean isExpert(String name) {
    return name.contains("_exps.");
  }

  private void noteForced() {
    forced.forEach((type, names) -> {
      List<String> kinds = names.stream().map(n -> n.replaceAll("\\d+", "*")).distinct().toList();
      notes.accept(
          "%d tensors are %s, because their rows are not whole blocks of %d as %s needs: %s"
              .formatted(
                  names.size(),
                  type,
                  quantisation.type().blockSize(),
                  quantisation.type(),
                  String.join(", ", kinds)));
    });
  }
}
