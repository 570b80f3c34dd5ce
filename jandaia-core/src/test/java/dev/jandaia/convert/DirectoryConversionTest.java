package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryConversionTest {
  private static final int[] IDS = {3, 1, 4, 1, 5};
  private static final long SHARD = 40_000;

  @TempDir Path temporary;

  @Test
  void shardsComeTogetherBitByBit() throws IOException {
    Path single = temporary.resolve("single");
    Path shards = temporary.resolve("shards");
    Path again = temporary.resolve("again");
    unchanged(Long.MAX_VALUE).convert(Goldens.file("mixtral"), single);
    unchanged(SHARD).convert(Goldens.file("mixtral"), shards);
    unchanged(Long.MAX_VALUE).convert(shards, again);

    List<Path> files = weights(shards);
    assertTrue(files.size() > 2, files.toString());
    assertTrue(
        files.getFirst().getFileName().toString().matches("model-00001-of-000\\d\\d.safetensors"));
    assertTrue(Files.exists(shards.resolve("model.safetensors.index.json")));
    assertEquals(List.of(again.resolve("model.safetensors")), weights(again));
    assertFalse(Files.exists(again.resolve("model.safetensors.index.json")));
    assertEquals(
        -1,
        Files.mismatch(single.resolve("model.safetensors"), again.resolve("model.safetensors")));
    try (HfDirectory before = HfDirectory.open(Goldens.file("mixtral"));
        HfDirectory after = HfDirectory.open(shards)) {
      assertEquals(before.tensors().keySet().size(), after.tensors().keySet().size());
      for (Tensor tensor : before.tensors().values()) {
        assertArrayEquals(
            Checkpoints.bytes(tensor), Checkpoints.bytes(after.tensor(tensor.name())));
      }
    }
  }

  @Test
  void noShardIsLargerThanAsked() throws IOException {
    Path to = temporary.resolve("to");
    unchanged(SHARD).convert(Goldens.file("mixtral"), to);
    long largest = 0;
    try (HfDirectory all = HfDirectory.open(to)) {
      largest = all.tensors().values().stream().mapToLong(t -> t.data().byteSize()).max().orElse(0);
    }
    long header = 20_000;
    for (Path file : weights(to)) {
      assertTrue(Files.size(file) <= Math.max(SHARD, largest) + header, file.toString());
    }
  }

  @Test
  void anotherTypeIsReadBackRounded() throws IOException {
    Path from = Goldens.file("llama32");
    for (DType type : List.of(DType.F16, DType.BF16, DType.F32)) {
      Path to = temporary.resolve(type.name());
      new DirectoryConversion(new Conversion.Unchanged(), Optional.of(type), Long.MAX_VALUE)
          .convert(from, to);
      try (HfDirectory after = HfDirectory.open(to);
          LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
        assertTrue(after.tensors().values().stream().allMatch(t -> t.dtype() == type));
        assertEquals(List.of(), loaded.unread());
      }
      double bound = type == DType.F32 ? 0 : type == DType.F16 ? 0.005 : 0.04;
      double apart = Checkpoints.apart(Checkpoints.logits(from, IDS), Checkpoints.logits(to, IDS));
      assertEquals(0, apart, bound);
      assertEquals(type != DType.F32, apart > 0);
      String name = type == DType.F16 ? "float16" : type == DType.BF16 ? "bfloat16" : "float32";
      String config = Files.readString(to.resolve("config.json"));
      assertTrue(config.contains("\"dtype\" : \"%s\"".formatted(name)), config);
    }
  }

  @Test
  void valuesBeyondF16AreRefusedAndNothingIsLeft() throws IOException {
    String config =
        """
        {"model_type": "llama", "vocab_size": 8, "hidden_size": 8, "intermediate_size": 8,
         "num_hidden_layers": 1, "num_attention_heads": 2}
        """;
    Path from =
        Checkpoints.random(
            temporary.resolve("from"),
            config,
            (parameter, values) ->
                values[0] = parameter.path().equals("head.weight") ? 70_000 : values[0]);
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () ->
                new DirectoryConversion(
                        new Conversion.Unchanged(), Optional.of(DType.F16), Long.MAX_VALUE)
                    .convert(from, temporary.resolve("to")));
    assertTrue(e.getMessage().contains("tensor lm_head.weight: expected values"), e.getMessage());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(from), left.toList());
    }
  }

  @Test
  void otherFilesComeAlongAndOldWeightsDoNot() throws IOException {
    Path from = copyOf("llama32");
    Files.writeString(from.resolve("tokenizer_config.json"), "{}");
    Files.writeString(from.resolve("LICENSE"), "as is");
    Files.writeString(from.resolve("pytorch_model.bin"), "old");
    Path to = temporary.resolve("to");
    unchanged(Long.MAX_VALUE).convert(from, to);
    assertEquals("as is", Files.readString(to.resolve("LICENSE")));
    assertTrue(Files.exists(to.resolve("tokenizer_config.json")));
    assertFalse(Files.exists(to.resolve("pytorch_model.bin")));
  }

  @Test
  void badPlacesAreRefused() throws IOException {
    Path from = copyOf("llama32");
    refused(from, temporary, "expected a new directory, found one that exists");
    refused(from, temporary.resolve("no/where"), "no directory");
    refused(temporary.resolve("nothing"), temporary.resolve("to"), "a directory with config.json");
    Files.writeString(
        from.resolve("config.json"),
        Files.readString(from.resolve("config.json"))
            .replaceFirst("\\{", "{\"quantization_config\": {\"quant_method\": \"awq\"},"));
    refused(from, temporary.resolve("to"), "expected plain weights, found awq");
    assertThrows(JandaiaException.class, () -> unchanged(0));
  }

  private static void refused(Path from, Path to, String message) {
    JandaiaException e =
        assertThrows(JandaiaException.class, () -> unchanged(Long.MAX_VALUE).convert(from, to));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private Path copyOf(String golden) throws IOException {
    Path copy = Files.createDirectory(temporary.resolve("from"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Goldens.file(golden).resolve(name), copy.resolve(name));
    }
    return copy;
  }

  private static List<Path> weights(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  private static DirectoryConversion unchanged(long shard) {
    return new DirectoryConversion(new Conversion.Unchanged(), Optional.empty(), shard);
  }
}
