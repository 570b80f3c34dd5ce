package dev.jandaia.checkpoint;

import static dev.jandaia.checkpoint.Scratch.assertRefused;

import dev.jandaia.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class HostileGgufTest {
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int F32 = 0;

  @TempDir Path directory;

  private static Executable open(Scratch file) {
    return () -> GgufFile.of("bad.gguf", file.bytes()).close();
  }

  private static Executable open(Path path) {
    return () -> GgufFile.open(path).close();
  }

  @Test
  void filesThatAreNoFilesAreRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.gguf"));
    assertRefused(open(directory.resolve("absent.gguf")), "absent.gguf", "no such file");
    assertRefused(open(directory), "expected a file, found a directory");
    assertRefused(open(empty), "empty.gguf", "empty");
  }

  @Test
  void otherFormatsAndVersionsAreRefused() {
    assertRefused(open(new Scratch().text("GG")), "magic", "4 bytes");
    assertRefused(open(new Scratch().text("GGML").i32(1)), "expected GGUF", "not a GGUF file");
    assertRefused(open(new Scratch().text("GGUF").i32(1)), "version", "2 or 3", "found 1");
    assertRefused(open(new Scratch().text("GGUF").i32(3 << 24)), "little-endian", "big-endian");
  }

  @Test
  void absurdCountsAreRefusedWithoutAllocating() {
    assertRefused(open(Scratch.gguf(1L << 60, 0)), "tensor count", "1152921504606846976");
    assertRefused(open(Scratch.gguf(0, 1L << 60)), "metadata count", "1152921504606846976");
    assertRefused(open(Scratch.gguf(0, -1)), "metadata count", "18446744073709551615");
    Scratch longKey = Scratch.gguf(0, 1).i64(1L << 62).raw(new byte[20]);
    assertRefused(open(longKey), "metadata key 0", "4611686018427387904");
    Scratch longText = Scratch.gguf(0, 1).string("k").i32(STRING).i64(1L << 40);
    assertRefused(open(longText), "metadata \"k\"", "1099511627776");
    Scratch longArray = Scratch.gguf(0, 1).string("k").i32(ARRAY).i32(F32).i64(1L << 61);
    assertRefused(open(longArray), "metadata \"k\" length", "2305843009213693952");
  }

  @Test
  void deeplyNestedArraysAreRefused() {
    Scratch file = Scratch.gguf(0, 1).string("deep").i32(ARRAY);
    for (int i = 0; i < 100_000; i++) {
      file.i32(ARRAY).i64(1);
    }
    assertRefused(open(file), "metadata \"deep\"", "nested");
  }

  @Test
  void badMetadataValuesAreRefused() {
    Scratch unknown = Scratch.gguf(0, 1).string("k").i32(13).i32(0);
    assertRefused(open(unknown), "metadata \"k\" type", "found 13");
    Scratch bool = Scratch.gguf(0, 1).string("k").i32(7).raw((byte) 2);
    assertRefused(open(bool), "metadata \"k\"", "bool", "found 2");
    Scratch big = Scratch.gguf(0, 1).string("k").i32(10).i64(-1);
    assertRefused(open(big), "metadata \"k\"", "below 2^63", "18446744073709551615");
    Scratch text = Scratch.gguf(0, 1).string("k").i32(STRING).i64(2).raw((byte) 0xC3, (byte) 0x28);
    assertRefused(open(text), "metadata \"k\"", "UTF-8");
    Scratch twice = Scratch.gguf(0, 2).string("k").i32(4).i32(1).string("k").i32(4).i32(2);
    assertRefused(open(twice), "metadata \"k\"", "two");
    Scratch newline = Scratch.gguf(0, 1).string("a\nb").i32(99).i64(0);
    assertRefused(open(newline), "a\\u000ab");
  }

  @Test
  void badAlignmentIsRefused() {
    for (int alignment : new int[] {0, 3, 1 << 30, -1}) {
      Scratch file = Scratch.gguf(0, 1).string("general.alignment").i32(4).i32(alignment);
      assertRefused(open(file), "general.alignment", "power of two");
    }
    Scratch text = Scratch.gguf(0, 1).string("general.alignment").i32(STRING).string("32");
    assertRefused(open(text), "general.alignment");
  }

  @Test
  void badTensorsAreRefused() {
    assertRefused(open(one(new Scratch().tensor("t", 0, 4, 8))), "tensor \"t\" type", "found 4");
    assertRefused(open(one(new Scratch().tensor("t", 8, F32, 8))), "offset", "multiple of 32");
    assertRefused(open(one(new Scratch().tensor("t", 0, F32, 1, 1, 1, 1, 1))), "rank", "found 5");
    assertRefused(open(one(new Scratch().tensor("t", 0, 2, 33))), "32 elements", "[33]");
    assertRefused(open(one(new Scratch().tensor("t", 0, F32, -1))), "tensor \"t\" shape", "2^63");
    assertRefused(open(one(new Scratch().tensor("t", 0, F32, 1L << 40, 1L << 40))), "too many");
    assertRefused(open(one(new Scratch().tensor("t", 0, F32, 1L << 62))), "2^63");
    assertRefused(open(one(new Scratch().tensor("t", 0, F32, 100))), "400 bytes", "64 bytes");
    assertRefused(open(one(new Scratch().tensor("t", 1L << 62, F32, 1))), "tensor \"t\"", "64");
  }

  private static Scratch one(Scratch tensor) {
    return Scratch.gguf(1, 0).raw(tensor.bytes()).data(64);
  }

  @Test
  void duplicateAndOverlappingTensorsAreRefused() {
    Scratch twice = Scratch.gguf(2, 0).tensor("t", 0, F32, 8).tensor("t", 32, F32, 8).data(64);
    assertRefused(open(twice), "tensor \"t\"", "twice");
    Scratch over = Scratch.gguf(2, 0).tensor("a", 0, F32, 16).tensor("b", 32, F32, 8).data(64);
    assertRefused(open(over), "tensor \"b\"", "no overlaps", "found 32");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole =
        Scratch.gguf(1, 1)
            .string("k")
            .i32(STRING)
            .string("v")
            .tensor("t", 0, F32, 8)
            .data(32)
            .bytes();
    GgufFile.of("whole", whole).close();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Scratch.refusal(() -> GgufFile.of("cut", cut).close());
    }
  }

  @Test
  void writerRefusesWhatOthersCannotRead() {
    Path path = directory.resolve("out.gguf");
    TensorOutput longName = Scratch.gaussian("x".repeat(64), dev.jandaia.tensor.DType.F32, 1);
    assertRefused(() -> GgufWriter.write(path, Map.of(), List.of(longName)), "63 bytes");
    GgufValue tooBig = new GgufValue(GgufType.UINT8, false, 256L);
    assertRefused(() -> GgufWriter.write(path, Map.of("k", tooBig), List.of()), "UINT8", "256");
    assertRefused(() -> new GgufValue(GgufType.BOOL, false, 1L), "Boolean", "Long");
    org.junit.jupiter.api.Assertions.assertEquals(0, directory.toFile().list().length);
  }

  @Test
  void damagedFilesAreRefusedOrReadWithinBounds() throws IOException {
    Path small = directory.resolve("small.gguf");
    GgufWriter.write(
        small,
        Map.of("tokens", GgufValue.strings("a", "b"), "sizes", GgufValue.i32s(1, 2, 3)),
        List.of(Scratch.gaussian("t", dev.jandaia.tensor.DType.Q4_0, 2, 64)));
    byte[] golden =
        Goldens.ggufCases().isEmpty()
            ? Files.readAllBytes(small)
            : Files.readAllBytes(Goldens.ggufCases().getFirst());
    Scratch.fuzz(
        6000, bytes -> GgufFile.of("fuzz", bytes).close(), Files.readAllBytes(small), golden);
  }
}
