package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken files are refused with our exception, whatever is broken. */
class HostileFilesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"model\": 1}",
        "{\"model\": {\"type\": \"Magic\"}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 2000000000}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 1e99}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"a\"]]}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [], \"unk_id\": 0}}",
        "{\"pre_tokenizer\": {\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\":"
            + " {\"Regex\": \"(\"}}, \"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\":"
            + " []}}",
        "{\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA/w==\"},"
            + " \"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}",
        "{\"config\": {\"pattern\": \"a\", \"default_vocab_size\": 2147483647,"
            + " \"default_num_special_tokens\": 2147483647}, \"vocab\": []}",
        "{\"config\": {\"pattern\": \"a\", \"default_vocab_size\": 2,"
            + " \"default_num_special_tokens\": 0}, \"vocab\": [{\"rank\": 5, \"token_bytes\":"
            + " \"\"}]}"
      })
  void absurdJsonIsRefused(String json) throws IOException {
    Path file = directory.resolve("tokenizer.json");
    Files.writeString(file, json);
    assertThrows(JandaiaException.class, () -> Tokenizers.fromFile(file));
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Path file = directory.resolve("tokenizer.json");
    String open = "{\"type\": \"Sequence\", \"normalizers\": [";
    Files.writeString(file, "{\"normalizer\": " + open.repeat(100_000));
    assertThrows(JandaiaException.class, () -> Tokenizers.fromFile(file));
  }

  @Test
  void anEmptyDirectoryIsRefused() {
    assertThrows(JandaiaException.class, () -> Tokenizers.fromDirectory(directory));
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() throws Exception {
    Tokenizer tokenizer = Tokenizers.fromFile(resource("gpt2.json"));
    for (int id : new int[] {-1, tokenizer.vocabSize(), Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThrows(JandaiaException.class, () -> tokenizer.decode(new int[] {id}));
      assertThrows(JandaiaException.class, () -> tokenizer.token(id));
      assertThrows(JandaiaException.class, () -> tokenizer.streamingDecoder().accept(id));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama2.json", "unigram.json", "sp-bpe-trimmed.model", "sp-unigram.model"})
  void damagedFilesWorkOrAreRefused(String name) throws Exception {
    byte[] sound = Files.readAllBytes(resource(name));
    Random random = new Random(5);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = damaged(sound, random);
      refused += survives(name, damaged) ? 0 : 1;
    }
    assertTrue(refused > 30, "refused only " + refused);
  }

  private static byte[] damaged(byte[] sound, Random random) {
    if (random.nextInt(3) == 0) {
      return Arrays.copyOf(sound, random.nextInt(sound.length));
    }
    byte[] damaged = sound.clone();
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private boolean survives(String name, byte[] content) throws IOException {
    Path file = directory.resolve(name);
    Files.write(file, content);
    try {
      Tokenizer tokenizer = Tokenizers.fromFile(file);
      String text =
          tokenizer.decode(tokenizer.encode("hello the ① world\n", Specials.MARKUP_PROMPT));
      return text != null;
    } catch (JandaiaException refused) {
      return false;
    }
  }

  private static Path resource(String name) throws Exception {
    return Path.of(HostileFilesTest.class.getResource("/tokenizers/" + name).toURI());
  }
}
