package dev.jandaia.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileSelectionTest {
  private static final RepoId REPO = new RepoId("org/model");

  @Test
  void defaultIsTheSafetensorsModelWithoutCopies() {
    assertEquals(
        List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer.model",
            "merges.txt",
            "chat_template.jinja",
            "model.safetensors.index.json",
            "LICENSE",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors"),
        select(
            List.of(
                ".gitattributes",
                "config.json",
                "tokenizer.json",
                "tokenizer.model",
                "merges.txt",
                "chat_template.jinja",
                "model.safetensors.index.json",
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "LICENSE",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "consolidated.safetensors",
                "original/consolidated.00.pth",
                "original/model.safetensors",
                "onnx/model.onnx",
                "tf_model.h5")));
  }

  @Test
  void consolidatedWeightsAreTakenWhenThereAreNoOthers() {
    assertEquals(
        List.of("params.json", "consolidated.safetensors"),
        select(List.of("consolidated.safetensors", "params.json")));
  }

  @Test
  void ggufRepositoriesAskForAChoiceAndListIt() {
    List<String> files = List.of("README.md", "m-Q4_K_M.gguf", "m-Q8_0.gguf");
    assertEquals(
        "org/model has only GGUF weights; choose with --file, a name or a pattern like"
            + " '*Q4_K_M*': m-Q4_K_M.gguf (1.5 KiB), m-Q8_0.gguf (1.5 KiB)",
        failure(files));
    assertEquals(List.of("m-Q4_K_M.gguf"), select(files, "*Q4_K_M*"));
    assertEquals(List.of("README.md", "m-Q8_0.gguf"), select(files, "m-Q8_0.gguf", "R*"));
  }

  @Test
  void otherRepositoriesAreRefusedWithTheReason() {
    assertTrue(
        failure(List.of("config.json", "pytorch_model.bin"))
            .contains("found only pytorch_model.bin"));
    assertTrue(failure(List.of()).contains("among no files"));
    assertTrue(failure(List.of("a.json"), "a.json", "b*").contains("no file matches \"b*\""));
  }

  @Test
  void globsAreThoseOfTheHuggingfaceTools() {
    assertTrue(matches("*.json", "a/b/c.json"));
    assertTrue(matches("onnx/", "onnx/a/b"));
    assertTrue(matches("m-?.[a-c]x", "m-1.bx"));
    assertTrue(matches("[!a]", "b"));
    assertTrue(matches("[", "["));
    assertTrue(matches("a.b+(c)$", "a.b+(c)$"));
    assertFalse(matches("[!a]", "a"));
    assertFalse(matches("*.json", "a.jsonl"));
    assertFalse(matches("a.b", "axb"));
    assertThrows(JandaiaException.class, () -> Globs.compile("[z-a]"));
  }

  private static boolean matches(String glob, String text) {
    return Globs.compile(glob).matcher(text).matches();
  }

  private static String failure(List<String> names, String... patterns) {
    return assertThrows(JandaiaException.class, () -> select(names, patterns)).getMessage();
  }

  private static List<String> select(List<String> names, String... patterns) {
    Stream<RepoFile> files =
        names.stream().map(name -> new RepoFile(name, OptionalLong.of(1536), Optional.empty()));
    return FileSelection.select(REPO, files.toList(), List.of(patterns)).stream()
        .map(RepoFile::path)
        .toList();
  }
}
