package dev.jandaia.checkpoint;

import static dev.jandaia.checkpoint.Scratch.assertRefused;
import static dev.jandaia.checkpoint.Scratch.safetensors;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path directory;

  private static Executable open(byte[] content) {
    return () -> SafetensorsFile.of("bad.safetensors", content).close();
  }

  private static Executable open(String header, int dataBytes) {
    return open(safetensors(header, dataBytes));
  }

  @Test
  void whatIsWrittenIsRead() {
    Path path = directory.resolve("model.safetensors");
    float[] values = {1, -2, 3.5f, 0, Float.NaN, Float.NEGATIVE_INFINITY};
    TensorOutput a = TensorOutput.of("a", Shape.of(2, 3), values);
    List<TensorOutput> tensors =
        List.of(
            Scratch.gaussian("half", DType.F16, 3),
            a,
            TensorOutput.of("scalar", Shape.of(), new float[] {7}));
    SafetensorsWriter.write(path, Map.of("format", "pt", "quote", "\"\n"), tensors);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(Map.of("format", "pt", "quote", "\"\n"), file.metadata());
      assertEquals(List.of("a", "scalar", "half"), List.copyOf(file.tensors().keySet()));
      assertEquals(Shape.of(2, 3), file.tensor("a").shape());
      assertArrayEquals(values, Scratch.floats(file.tensor("a")));
      assertArrayEquals(new float[] {7}, Scratch.floats(file.tensor("scalar")));
      assertEquals(0, file.tensor("a").data().address() % 8);
      assertRefused(() -> file.tensor("b"), "model.safetensors", "\"b\"", "among 3");
    }
  }

  @Test
  void theOrderOfTheInputDoesNotChangeTheBytes() throws IOException {
    Path one = directory.resolve("one.safetensors");
    Path two = directory.resolve("two.safetensors");
    TensorOutput a = Scratch.gaussian("a", DType.F32, 3);
    TensorOutput b = Scratch.gaussian("b", DType.BF16, 5);
    SafetensorsWriter.write(one, Map.of("x", "1", "y", "2"), List.of(a, b));
    SafetensorsWriter.write(two, Map.of("y", "2", "x", "1"), List.of(b, a));
    assertEquals(-1, Files.mismatch(one, two));
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
    Path path = directory.resolve("model.safetensors");
    Files.writeString(path, "old");
    TensorOutput tooShort =
        new TensorOutput("t", DType.F32, Shape.of(4), out -> out.write(new byte[15]));
    Executable write = () -> SafetensorsWriter.write(path, Map.of(), List.of(tooShort));
    assertRefused(write, "tensor t", "expected 16 bytes", "found 15");
    assertEquals("old", Files.readString(path));
    assertEquals(1, directory.toFile().list().length);
    TensorOutput blocks = Scratch.gaussian("t", DType.Q8_0, 32);
    assertRefused(
        () -> SafetensorsWriter.write(path, Map.of(), List.of(blocks)), "tensor t", "Q8_0");
    Path nowhere = directory.resolve("absent/model.safetensors");
    assertRefused(() -> SafetensorsWriter.write(nowhere, Map.of(), List.of()), "cannot be written");
  }

  @Test
  void headersThatLieAreRefused() {
    assertRefused(open(new byte[5]), "bad.safetensors", "header length");
    assertRefused(open(new Scratch().i64(-1).text("{}").bytes()), "18446744073709551615");
    assertRefused(open(new Scratch().i64(1L << 40).text("{}").bytes()), "expected at most 2 bytes");
    assertRefused(open("{", 0), "header", "JSON");
    assertRefused(open("{} x", 0), "header", "JSON");
    assertRefused(open("[]", 0), "JSON object");
    assertRefused(open("[".repeat(100_000), 0), "header", "JSON");
    assertRefused(open(new Scratch().i64(2).raw((byte) 0xC3, (byte) 0x28).bytes()), "UTF-8");
    assertRefused(open("{\"__metadata__\":{\"a\":1}}", 0), "__metadata__", "string");
  }

  @Test
  void badTensorsAreRefused() {
    assertRefused(open(one("Q4_0", "[32]", "0,18"), 18), "tensor \"t\"", "dtype", "Q4_0");
    assertRefused(open(one("U128", "[1]", "0,16"), 16), "dtype", "U128");
    assertRefused(open(one("F32", "[2]", "0,4"), 4), "[2]", "expected 8 bytes, found 4");
    assertRefused(open(one("F32", "[-1]", "0,4"), 4), "shape", "integers >= 0");
    assertRefused(open(one("F32", "[1.5]", "0,4"), 4), "shape");
    assertRefused(open(one("F32", "[1e99]", "0,4"), 4), "shape");
    assertRefused(open(one("F32", "[99999999999999999999]", "0,4"), 4), "shape");
    assertRefused(open(one("F32", "[4294967296,4294967296]", "0,4"), 4), "too many");
    assertRefused(open(one("F64", "[4611686018427387904]", "0,4"), 4), "2^63");
    assertRefused(open(one("F32", "[1]", "0,8"), 4), "data_offsets", "within 4");
    assertRefused(open(one("F32", "[1]", "4,0"), 4), "data_offsets");
    assertRefused(open(one("F32", "[1]", "0"), 4), "data_offsets");
    assertRefused(open(one("F32", "[1]", "4,8"), 8), "no gaps", "found 4");
    assertRefused(open(one("F32", "[1]", "0,4"), 9), "expected 4 bytes, found 9");
    assertRefused(open("{\"t\":7}", 0), "dtype");
  }

  private static String one(String dtype, String shape, String offsets) {
    return "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s]}}"
        .formatted(dtype, shape, offsets);
  }

  @Test
  void duplicateAndOverlappingTensorsAreRefused() {
    String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}";
    String twice = "{" + entry.formatted("t", 0, 8) + "," + entry.formatted("t", 8, 16) + "}";
    assertRefused(open(twice, 16), "header", "uplicate");
    String over = "{" + entry.formatted("a", 0, 8) + "," + entry.formatted("b", 4, 12) + "}";
    assertRefused(open(over, 12), "tensor \"b\"", "no overlaps");
  }

  @Test
  void directoriesAndEmptyFilesAreRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    assertRefused(() -> SafetensorsFile.open(directory), "found a directory");
    assertRefused(() -> SafetensorsFile.open(empty), "empty");
    assertRefused(() -> SafetensorsFile.open(directory.resolve("absent")), "no such file");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = safetensors(one("F32", "[3]", "0,12"), 12);
    SafetensorsFile.of("whole", whole).close();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Scratch.refusal(open(cut));
    }
  }

  @Test
  void damagedFilesAreRefusedOrReadWithinBounds() throws IOException {
    Path small = directory.resolve("small");
    SafetensorsWriter.write(
        small,
        Map.of("format", "pt"),
        List.of(
            Scratch.gaussian("a.weight", DType.F32, 8, 4), Scratch.gaussian("b", DType.F16, 3)));
    byte[] other =
        Goldens.quants().isEmpty()
            ? Files.readAllBytes(small)
            : Files.readAllBytes(Goldens.quants().getFirst());
    Scratch.fuzz(
        6000, bytes -> SafetensorsFile.of("fuzz", bytes).close(), Files.readAllBytes(small), other);
  }

  @Test
  void shardedDirectoriesReadAsOne() throws IOException {
    writeShards();
    try (WeightSource weights = WeightSource.open(directory)) {
      assertEquals(List.of("a", "b"), List.copyOf(weights.tensors().keySet()));
      assertEquals(Shape.of(4), weights.tensor("b").shape());
    }
    Files.delete(directory.resolve("model-2.safetensors"));
    assertRefused(() -> HfDirectory.open(directory), "model-2.safetensors", "no such file");
  }

  @Test
  void badIndexesAreRefused() throws IOException {
    assertRefused(() -> HfDirectory.open(directory), "expected model.safetensors", "neither");
    writeShards();
    writeIndex("{\"weight_map\":{\"a\":\"model-1.safetensors\",\"c\":\"model-1.safetensors\"}}");
    assertRefused(() -> HfDirectory.open(directory), "model-1.safetensors", "\"c\"");
    writeIndex("{\"weight_map\":{\"a\":\"../model-1.safetensors\"}}");
    assertRefused(() -> HfDirectory.open(directory), "\"a\"", "expected a file name");
    writeIndex("{\"weight_map\":[]}");
    assertRefused(() -> HfDirectory.open(directory), "weight_map");
    writeIndex("{\"weight_map\"");
    assertRefused(() -> HfDirectory.open(directory), "model.safetensors.index.json", "JSON");
  }

  private void writeShards() throws IOException {
    for (int i = 1; i <= 2; i++) {
      String name = i == 1 ? "a" : "b";
      SafetensorsWriter.write(
          directory.resolve("model-" + i + ".safetensors"),
          Map.of(),
          List.of(Scratch.gaussian(name, DType.F32, 4)));
    }
    writeIndex("{\"weight_map\":{\"b\":\"model-2.safetensors\",\"a\":\"model-1.safetensors\"}}");
  }

  private void writeIndex(String json) throws IOException {
    Files.writeString(directory.resolve("model.safetensors.index.json"), json);
  }

  @Test
  void openTellsFormatsApartByContent() {
    Path gguf = directory.resolve("misnamed.safetensors");
    GgufWriter.write(gguf, Map.of(), List.of(Scratch.gaussian("t", DType.F32, 2)));
    Path safetensors = directory.resolve("misnamed.gguf");
    SafetensorsWriter.write(safetensors, Map.of(), List.of(Scratch.gaussian("t", DType.F32, 2)));
    for (Path path : List.of(gguf, safetensors)) {
      try (WeightSource weights = WeightSource.open(path)) {
        assertArrayEquals(
            Scratch.floats(weights.tensor("t")), Scratch.floats(weights.tensors().get("t")));
      } catch (JandaiaException e) {
        throw new AssertionError(path.toString(), e);
      }
    }
  }
}
