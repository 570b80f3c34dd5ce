package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From GGUF metadata to files of a Hugging Face directory, read back by our own reader. */
class HubTokenizerTest {
  private static final String PREFIX = "tokenizer.ggml.";

  @TempDir Path temporary;

  /** Hugging Face to GGUF and back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama3",
        "qwen2",
        "o200k",
        "deepseek3",
        "deepseek-coder",
        "falcon",
        "tekken",
        "llama2"
      })
  void tokenizerJsonComesBack(String name) throws IOException {
    Path before = Files.createDirectory(temporary.resolve("before"));
    Tokenizer original = TokenizerMetadataTest.copied(name, before);

    assertSame(original, exported(metadata(before, original.vocabSize())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sp-bpe", "sp-bpe-bare"})
  void sentencePieceComesBackAsJson(String name) throws IOException {
    Path before = Files.createDirectory(temporary.resolve("before"));
    Files.copy(
        TokenizerMetadataTest.RESOURCES.resolve(name + ".model"),
        before.resolve("tokenizer.model"));
    Tokenizer original = Tokenizers.fromDirectory(before);

    assertSame(original, exported(metadata(before, original.vocabSize())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unigramComesThroughWithItsCharacterMap(boolean trimmed) throws IOException {
    Path file = TokenizerMetadataTest.RESOURCES.resolve("sp-unigram.model");
    Tokenizer model = Tokenizers.fromFile(file);
    Map<String, Object> metadata =
        plain(TokenizerForms.ofSentencePiece(model, model.vocabSize(), file).findFirst().get());
    metadata.put(PREFIX + "remove_extra_whitespaces", trimmed);

    assertSame(Tokenizers.fromGguf(metadata), exported(metadata));
  }

  private static Map<String, Object> metadata(Path directory, int vocabSize) {
    List<String> notes = new ArrayList<>();
    Map<String, GgufValue> metadata = TokenizerMetadata.of(directory, vocabSize, notes::add);
    assertEquals(List.of(), notes);
    return plain(metadata);
  }

  private static Map<String, Object> plain(Map<String, GgufValue> metadata) {
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((key, value) -> plain.put(key, value.value()));
    return plain;
  }

  private Tokenizer exported(Map<String, Object> metadata) throws IOException {
    Path after = Files.createDirectory(temporary.resolve("after"));
    List<String> notes = new ArrayList<>();
    new HubTokenizer(Path.of("model.gguf"), notes::add).write(metadata, after);
    assertEquals(List.of(), notes);
    return Tokenizers.fromDirectory(after);
  }

  private static void assertSame(Tokenizer original, Tokenizer exported) {
    assertEquals(original.vocabSize(), exported.vocabSize());
    for (String text : texts(original)) {
      for (Specials specials : Specials.values()) {
        int[] ids = original.encode(text, specials);
        assertArrayEquals(ids, exported.encode(text, specials), text);
        assertEquals(original.decode(ids, specials), exported.decode(ids, specials), text);
      }
    }
  }

  /** With control tokens among words. */
  private static List<String> texts(Tokenizer tokenizer) {
    List<String> texts = new ArrayList<>(TokenizerMetadataTest.texts());
    texts.addAll(List.of("", " ", "\n", "   x   ", " 1234567 89", "▁x▁▁y", "\t\t\r\n \u3000"));
    for (int id = 0; id < tokenizer.vocabSize() && texts.size() < 340; id++) {
      if (tokenizer.isSpecial(id)) {
        texts.add("a " + tokenizer.token(id) + "  b" + tokenizer.token(id));
      }
    }
    return texts;
  }

  /** Runs of newlines are whole tokens, other text is merged: the kind of Gemma 4. */
  @Test
  void spacedMergesOfAMadeUpVocabulary() throws IOException {
    List<String> tokens = new ArrayList<>(List.of("<pad>", "<eos>", "<bos>", "<unk>", "<|turn>"));
    List<Long> types = new ArrayList<>(List.of(3L, 3L, 3L, 2L, 3L));
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
      types.add(6L);
    }
    List<String> merged =
        List.of("▁", "t", "h", "e", "é", "日", "\n", "\n\n", "\n\n\n", "th", "the", "▁the", "▁▁");
    for (String token : merged) {
      tokens.add(token);
      types.add(1L);
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", "gemma4");
    metadata.put(PREFIX + "tokens", tokens.toArray(String[]::new));
    metadata.put(PREFIX + "token_type", types.stream().mapToLong(Long::longValue).toArray());
    metadata.put(PREFIX + "merges", new String[] {"t h", "th e", "▁ the", "▁ ▁"});
    metadata.put(PREFIX + "padding_token_id", 0L);
    metadata.put(PREFIX + "eos_token_id", 1L);
    metadata.put(PREFIX + "bos_token_id", 2L);
    metadata.put(PREFIX + "unknown_token_id", 3L);
    metadata.put("tokenizer.chat_template", "{{ bos_token }}{{ messages }}");
    Tokenizer exported = exported(metadata);

    assertSame(Tokenizers.fromGguf(metadata), exported);
    int the = tokens.indexOf("▁the");
    int lines = tokens.indexOf("\n\n\n");
    int bang = 5 + '!';
    assertArrayEquals(
        new int[] {2, the, lines, 4, bang},
        exported.encode(" the\n\n\n<|turn>!", Specials.MARKUP_PROMPT));
    assertEquals(OptionalInt.of(2), exported.bosId());
    assertEquals(OptionalInt.of(0), exported.paddingId());
    assertEquals("{{ bos_token }}{{ messages }}", exported.chatTemplate().orElseThrow());
  }

  @Test
  void ranksWithoutMergesGetMerges() throws IOException {
    String[] tokens = {"a", "b", "c", "Ġ", "ab", "bc", "abc", "Ġabc", "[BOS]", "[EOS]"};
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", "gpt2");
    metadata.put(PREFIX + "pre", "kimi-k2");
    metadata.put(PREFIX + "tokens", tokens);
    metadata.put(PREFIX + "token_type", new long[] {1, 1, 1, 1, 1, 1, 1, 1, 3, 3});
    metadata.put(PREFIX + "bos_token_id", 8L);
    metadata.put(PREFIX + "eos_token_id", 9L);
    Tokenizer exported = exported(metadata);

    assertArrayEquals(new int[] {4, 1, 7, 5}, exported.encode("abb abcbc"));
    assertSame(Tokenizers.fromGguf(metadata), exported);
  }

  @Test
  void unknownKindAndEqualSpellingsAreSaidAloud() throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", "bert");
    metadata.put(PREFIX + "tokens", new String[] {"a", "b", "a"});
    assertNote("found 'bert'", metadata);

    metadata.put(PREFIX + "model", "gpt2");
    metadata.put(PREFIX + "pre", "gpt-2");
    metadata.put(PREFIX + "merges", new String[0]);
    assertNote("found 'a' at 0 and 2", metadata);

    metadata.put(PREFIX + "model", "none");
    assertNote("has no tokenizer", metadata);
  }

  private void assertNote(String part, Map<String, Object> metadata) throws IOException {
    List<String> notes = new ArrayList<>();
    new HubTokenizer(Path.of("model.gguf"), notes::add).write(metadata, temporary);
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().contains(part), notes.getFirst());
    assertFalse(Files.exists(temporary.resolve("tokenizer.json")));
  }

  /** A character that is merged but is no token itself has no merge in a tokenizer.json. */
  @Test
  void whatIsNotTheSameIsNotWritten() throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", "llama");
    metadata.put(PREFIX + "tokens", new String[] {"<unk>", "e", "l", "ll", "He"});
    metadata.put(PREFIX + "token_type", new long[] {2, 1, 1, 1, 1});
    metadata.put(PREFIX + "scores", new float[] {0, -3, -4, -1, -2});
    metadata.put(PREFIX + "unknown_token_id", 0L);

    assertNote("would not be the same", metadata);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "deepseek-llm", "llama-spm", "phi-3"})
  void realVocabularyComesThrough(String name) throws IOException {
    try (GgufFile file = GgufFile.open(shared("tokenizers").resolve(name + ".gguf"))) {
      Tokenizer original = Tokenizers.fromGguf(file.metadata());
      Tokenizer exported = exported(file.metadata());
      assertSame(original, exported);
      String text = Files.readString(shared("tokenizers").resolve(name + ".inp"));
      assertArrayEquals(original.encode(text), exported.encode(text));
      assertEquals(text, exported.decode(exported.encode(text)));
    }
  }

  @Test
  void realTekkenComesThrough() throws IOException {
    Path before = Files.createDirectory(temporary.resolve("before"));
    Path packed = shared("tokenizers").resolve("tekken_240911.json.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed));
        OutputStream out = Files.newOutputStream(before.resolve("tekken.json"))) {
      in.transferTo(out);
    }
    Tokenizer original = Tokenizers.fromDirectory(before);

    Tokenizer exported = exported(metadata(before, original.vocabSize()));

    assertSame(original, exported);
    String text = Files.readString(shared("tokenizers").resolve("gpt-2.inp"));
    assertArrayEquals(original.encode(text), exported.encode(text));
  }

  private static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("../shared").resolve(name);
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    System.out.println("SKIPPED: ../shared/" + name + " is absent");
    Assumptions.abort("../shared/" + name + " is absent");
    throw new AssertionError();
  }
}
