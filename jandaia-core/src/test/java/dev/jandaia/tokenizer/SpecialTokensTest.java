package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SpecialTokensTest {

  @TestFactory
  Stream<DynamicTest> literalTextNeverBecomesAControlToken() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(resources())) {
      files =
          all.filter(file -> file.toString().matches(".*\\.(json|model)"))
              .filter(file -> !file.toString().endsWith(".rows.json"))
              .sorted()
              .toList();
    }
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> refuses(file)));
  }

  private static void refuses(Path file) {
    Tokenizer tokenizer = Tokenizers.fromFile(file);
    int unknown = tokenizer.unknownId().orElse(-1);
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (tokenizer.isSpecial(id)) {
        String spelling = tokenizer.token(id);
        for (int found : tokenizer.encode("a " + spelling + spelling + " b")) {
          assertTrue(found == unknown || !tokenizer.isSpecial(found), spelling + " in " + file);
        }
      }
    }
  }

  @Test
  void markupIsParsedOnlyWhenAsked() throws Exception {
    Tokenizer tokenizer = Tokenizers.fromFile(resources().resolve("llama3.json"));
    int end = tokenizer.lookup("<|end|>").orElseThrow();
    int[] parsed = tokenizer.encode("hello<|end|>", Specials.MARKUP);
    assertEquals(end, parsed[parsed.length - 1]);
    assertEquals("hello<|end|>", tokenizer.decode(parsed, Specials.MARKUP));
    assertEquals("hello", tokenizer.decode(parsed));
    assertFalse(Arrays.stream(tokenizer.encode("hello<|end|>")).anyMatch(id -> id == end));
  }

  @Test
  void filesBesideATokenizerSayItsRoles(@TempDir Path directory) throws Exception {
    Files.copy(resources().resolve("gpt2.json"), directory.resolve("tokenizer.json"));
    write(
        directory.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "add_bos_token": true,
         "chat_template": [{"name": "tool", "template": "t"}, {"name": "default", "template": "d"}]}
        """);
    write(directory.resolve("generation_config.json"), "{\"eos_token_id\": [1, 7]}");
    Tokenizer tokenizer = Tokenizers.fromDirectory(directory);
    assertEquals(0, tokenizer.bosId().orElseThrow());
    assertEquals(1, tokenizer.eosId().orElseThrow());
    assertTrue(tokenizer.addsBos());
    assertFalse(tokenizer.addsEos());
    assertEquals(Set.of(1, 2, 7), tokenizer.endOfGeneration());
    assertEquals("d", tokenizer.chatTemplate().orElseThrow());
    assertArrayEquals(new int[] {0}, tokenizer.encode("", Specials.PROMPT));
    assertArrayEquals(new int[] {}, tokenizer.encode("", Specials.LITERAL));
  }

  @Test
  void unpairedSurrogatesCountAsReplacements() throws Exception {
    Tokenizer tokenizer = Tokenizers.fromFile(resources().resolve("gpt2.json"));
    assertEquals("a\uFFFDb\uFFFD", tokenizer.decode(tokenizer.encode("a\uD800b\uDC00")));
  }

  private static void write(Path file, String content) throws IOException {
    Files.writeString(file, content);
  }

  private static Path resources() throws Exception {
    return Path.of(SpecialTokensTest.class.getResource("/tokenizers").toURI());
  }
}
