package dev.jandaia.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path directory;

  @Test
  void opensEveryGoldenFileWithItsMetadataAndTensors() {
    for (Path path : Goldens.ggufCases()) {
      try (GgufFile gguf = GgufFile.open(path);
          SafetensorsFile golden = SafetensorsFile.open(Goldens.goldenOf(path))) {
        String architecture = (String) gguf.metadata().get("general.architecture");
        long vocab = golden.tensor("logits").shape().dim(-1);
        long hidden = (Long) gguf.metadata().get(architecture + ".embedding_length");
        assertEquals(Shape.of(vocab, hidden), gguf.tensor("token_embd.weight").shape());
        assertEquals(DType.F32, gguf.tensor("output_norm.weight").dtype());
      }
    }
  }

  @Test
  void goldenFilesWrittenBackAreTheSameBytes() throws IOException {
    Path copy = directory.resolve("copy.gguf");
    for (Path path : Goldens.ggufCases()) {
      try (GgufFile gguf = GgufFile.open(path)) {
        GgufWriter.write(
            copy,
            gguf.typedMetadata(),
            gguf.tensors().values().stream().map(TensorOutput::of).toList());
      }
      assertEquals(-1, Files.mismatch(path, copy), path.toString());
    }
  }

  @Test
  void everyMetadataTypeSurvivesWritingAndReading() {
    Map<String, GgufValue> metadata = everyType();
    Path path = directory.resolve("types.gguf");
    GgufWriter.write(path, metadata, List.of());
    try (GgufFile gguf = GgufFile.open(path)) {
      assertEquals(new ArrayList<>(metadata.keySet()), new ArrayList<>(gguf.metadata().keySet()));
      metadata.forEach((key, value) ->
          assertArrayEquals(
              new Object[] {value.plain()}, new Object[] {gguf.metadata().get(key)}, key));
      assertArrayEquals(
          new Object[] {new long[] {1, 2}, new Object[] {List.of("x")}},
          (Object[]) gguf.metadata().get("nested"));
      assertEquals(GgufType.UINT8, gguf.typedMetadata().get("UINT8").type());
    }
  }

  private static Map<String, GgufValue> everyType() {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    Map<GgufType, Long> greatest = new LinkedHashMap<>();
    greatest.put(GgufType.UINT8, 255L);
    greatest.put(GgufType.INT8, -128L);
    greatest.put(GgufType.UINT16, 65535L);
    greatest.put(GgufType.INT16, -32768L);
    greatest.put(GgufType.UINT32, 0xFFFF_FFFFL);
    greatest.put(GgufType.INT32, -0x8000_0000L);
    greatest.put(GgufType.UINT64, Long.MAX_VALUE);
    greatest.put(GgufType.INT64, Long.MIN_VALUE);
    greatest.forEach((type, value) -> {
      metadata.put(type.name(), new GgufValue(type, false, value));
      metadata.put(type + " array", new GgufValue(type, true, new long[] {0, value}));
    });
    metadata.put("float32", GgufValue.f32(0.1f));
    metadata.put("float64", new GgufValue(GgufType.FLOAT64, false, Math.PI));
    metadata.put("bool", GgufValue.of(true));
    metadata.put("string", GgufValue.of("jandaia-de-testa-vermelha 🦜"));
    metadata.put("float32 array", GgufValue.f32s(1.5, -0.25));
    metadata.put("float64 array", new GgufValue(GgufType.FLOAT64, true, new double[] {Math.E}));
    metadata.put("bool array", new GgufValue(GgufType.BOOL, true, new boolean[] {true, false}));
    metadata.put("string array", GgufValue.strings("a", "", "c"));
    metadata.put("empty array", GgufValue.strings());
    GgufValue inner = new GgufValue(GgufType.ARRAY, true, new GgufValue[] {GgufValue.strings("x")});
    metadata.put(
        "nested",
        new GgufValue(GgufType.ARRAY, true, new GgufValue[] {GgufValue.i32s(1, 2), inner}));
    return metadata;
  }

  @Test
  void quantisedAndScalarTensorsSurviveWritingAndReading() {
    Path path = directory.resolve("tensors.gguf");
    Map<String, GgufValue> metadata = Map.of("general.alignment", GgufValue.u32(128));
    List<TensorOutput> tensors =
        List.of(
            Scratch.gaussian("scalar", DType.F32),
            Scratch.gaussian("a", DType.Q4_K, 3, 512),
            Scratch.gaussian("b", DType.BF16, 2, 3, 5, 7),
            Scratch.gaussian("c", DType.Q8_0, 5, 64));
    GgufWriter.write(path, metadata, tensors);
    try (GgufFile gguf = GgufFile.open(path)) {
      assertEquals(Shape.of(), gguf.tensor("scalar").shape());
      assertEquals(Shape.of(2, 3, 5, 7), gguf.tensor("b").shape());
      assertEquals(DType.Q4_K, gguf.tensor("a").dtype());
      Path again = directory.resolve("again.gguf");
      GgufWriter.write(
          again,
          gguf.typedMetadata(),
          gguf.tensors().values().stream().map(TensorOutput::of).toList());
      assertEquals(-1, mismatch(path, again));
    }
  }

  @Test
  void anyPartOfASplitModelOpensAll() {
    Path first = writePart(0, "model-00001-of-00002.gguf", 2);
    Path second = writePart(1, "model-00002-of-00002.gguf", 2);
    for (Path path : List.of(first, second)) {
      try (GgufFile gguf = GgufFile.open(path)) {
        assertEquals(List.of("t0", "t1"), List.copyOf(gguf.tensors().keySet()));
        assertEquals(0L, gguf.metadata().get("split.no"));
      }
    }
  }

  @Test
  void incompleteSplitModelsAreRefused() {
    Path alone = writePart(0, "alone-00001-of-00002.gguf", 2);
    Scratch.assertRefused(() -> GgufFile.open(alone), "alone-00002-of-00002.gguf", "no such file");
    Path renamed = writePart(0, "renamed.gguf", 2);
    Scratch.assertRefused(() -> GgufFile.open(renamed), "split.count", "renamed.gguf");
    Path swapped = writePart(1, "swapped-00001-of-00002.gguf", 2);
    writePart(0, "swapped-00002-of-00002.gguf", 2);
    Scratch.assertRefused(() -> GgufFile.open(swapped), "split.no");
    Path fewer = writePart(0, "fewer-00001-of-00002.gguf", 3);
    writePart(1, "fewer-00002-of-00002.gguf", 3);
    Scratch.assertRefused(() -> GgufFile.open(fewer), "expected 3 tensors", "found 2");
  }

  private Path writePart(int number, String name, int tensors) {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("split.no", new GgufValue(GgufType.UINT16, false, (long) number));
    metadata.put("split.count", new GgufValue(GgufType.UINT16, false, 2L));
    metadata.put("split.tensors.count", new GgufValue(GgufType.INT32, false, (long) tensors));
    Path path = directory.resolve(name);
    GgufWriter.write(path, metadata, List.of(Scratch.gaussian("t" + number, DType.F32, 4)));
    return path;
  }

  private static long mismatch(Path a, Path b) {
    try {
      return Files.mismatch(a, b);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
