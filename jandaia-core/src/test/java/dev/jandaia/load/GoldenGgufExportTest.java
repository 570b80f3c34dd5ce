package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.convert.GgufConversion;
import dev.jandaia.convert.HubConversion;
import dev.jandaia.convert.Quantisation;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every reference model that GGUF can express, written as a GGUF file and loaded again, and from
 * there written as a Hugging Face directory and loaded again, says the same. {@code
 * -Djandaia.exports=DIR} keeps the files, to be compared with other programs.
 */
class GoldenGgufExportTest {
  /** What has no GGUF form, and the word of the message that says why. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("deepseek_v3_noqlora", "position.pairing"),
          Map.entry("gemma2", "mixer.scale"),
          Map.entry("gemma3_text", "mixer.scale"),
          Map.entry("minimax", "residual.mixer.branch"),
          Map.entry("ministral", "span"),
          Map.entry("mistral", "span"),
          Map.entry("nanochat", "family nanochat"),
          Map.entry("olmoe_clip", "clip"),
          Map.entry("qwen2_swa", "span"));

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> modelsSayTheSame() {
    return Goldens.cases().stream()
        .filter(golden -> Families.isKnown(modelType(golden)))
        .map(golden ->
            DynamicTest.dynamicTest(golden.getFileName().toString(), () -> check(golden)));
  }

  private void check(Path golden) throws IOException {
    String name = golden.getFileName().toString();
    Path file = target(name + ".gguf");
    GgufConversion conversion = new GgufConversion(new Quantisation(DType.F32), note -> {});
    if (REFUSED.containsKey(name)) {
      String message =
          assertThrows(JandaiaException.class, () -> conversion.convert(golden, file)).getMessage();
      assertTrue(message.contains(REFUSED.get(name)), message);
      return;
    }
    conversion.convert(golden, file);
    assertSame(file, golden);
    Path directory = temporary.resolve(name);
    new HubConversion(Optional.empty(), note -> {}).convert(file, directory);
    assertSame(directory, golden);
  }

  /** The reference weighs each half in its own way, which published models do not. */
  @Test
  void miniMaxWithOneFactorSaysTheSame() throws IOException {
    Path reference = Goldens.root().resolve("minimax");
    String config =
        Files.readString(reference.resolve("config.json"))
            .replaceAll("(_alpha_factor\"): *[0-9.]+", "$1: 1.5")
            .replaceAll("(_beta_factor\"): *[0-9.]+", "$1: 1");
    Path directory = Files.createDirectory(temporary.resolve("minimax"));
    Files.writeString(directory.resolve("config.json"), config);
    Files.copy(reference.resolve("model.safetensors"), directory.resolve("model.safetensors"));
    Path file = target("minimax.gguf");
    new GgufConversion(new Quantisation(DType.F32), note -> {}).convert(directory, file);
    float[] expected = logits(directory);
    assertArrayEquals(expected, logits(file), 1e-5f);
  }

  private static float[] logits(Path path) {
    try (LoadedModel loaded = LoadedModel.open(path, Kernels.best());
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread(), "tensors nobody read");
      Compute compute = new Compute(Kernels.best(), workers);
      Batch batch = new Batch();
      batch.add(loaded.model().newSequence(), new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3}, 0, 10);
      Matrix hidden = loaded.model().hidden(compute, batch, LanguageModel.Observer.NONE);
      Matrix logits = loaded.model().logits(compute, hidden);
      return Arrays.copyOfRange(logits.data(), logits.offset(0), logits.offset(0) + logits.size());
    }
  }

  @Test
  void expertsOfGptOssAreMxfp4AndTheRestIsNot() {
    Path file = temporary.resolve("gpt_oss-MXFP4.gguf");
    new GgufConversion(new Quantisation(DType.MXFP4), note -> {})
        .convert(Goldens.root().resolve("gpt_oss"), file);
    try (GgufFile written = GgufFile.open(file)) {
      assertEquals(DType.MXFP4, written.tensor("blk.0.ffn_gate_exps.weight").dtype());
      assertEquals(DType.F32, written.tensor("blk.0.ffn_down_exps.bias").dtype());
      assertEquals(DType.Q8_0, written.tensor("blk.0.attn_q.weight").dtype());
      assertEquals(DType.F32, written.tensor("blk.0.attn_sinks.weight").dtype());
    }
  }

  private static void assertSame(Path written, Path reference) {
    try (LoadedModel loaded = LoadedModel.open(written, Kernels.best());
        GoldenCase golden = new GoldenCase(reference.resolve("golden.safetensors"));
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread(), "tensors nobody read");
      Compute compute = new Compute(Kernels.best(), workers);
      new GoldenCheck(loaded.model(), compute, golden).all();
    }
  }

  private Path target(String name) throws IOException {
    String kept = System.getProperty("jandaia.exports", "").strip();
    Path parent = kept.isEmpty() ? temporary : Files.createDirectories(Path.of(kept));
    return parent.resolve(name);
  }

  private static String modelType(Path golden) {
    return Config.read(golden.resolve("config.json")).modelType();
  }
}
