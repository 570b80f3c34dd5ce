package dev.jandaia.atlas.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.text.Amounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NotesTablesTest {
  private static final Path DOCUMENT = Path.of("../docs/notes-tables.md");
  private static final String TEXT = NotesTables.markdown();

  /** With {@code -Djandaia.docs=write} the document is written instead. */
  @Test
  void documentIsWhatTheCodeComputes() throws IOException {
    if ("write".equals(System.getProperty("jandaia.docs"))) {
      Files.writeString(DOCUMENT, TEXT);
    }
    assertEquals(
        TEXT,
        Files.readString(DOCUMENT),
        "to write it anew: mvn -pl jandaia-atlas -am test -Dtest=NotesTablesTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Djandaia.docs=write");
  }

  @Test
  void latentsCacheWhatTheDeepseekPaperSays() throws IOException {
    try (InputStream in = NotesTablesTest.class.getResourceAsStream("/mla_vs_mha_table.json")) {
      for (JsonNode row : JsonMapper.shared().readTree(in).get("rows")) {
        long elements = row.get("elements").longValue();
        String published = row.get("published").stringValue();
        assertContains("| %s | %s |".formatted(Amounts.grouped(elements), published));
        assertEquals(published, Amounts.count(elements));
      }
    }
    assertContains("DeepSeek-V2 caches 82.2% fewer elements");
    assertContains("the 93.3% of the paper");
  }

  @Test
  void groupsAndWindowsSaveWhatTheNotesSay() {
    assertContains("| MHA, 64 key/value heads | 1,556,480 |");
    assertContains("| GQA, 8 key/value heads | 194,560 | 380.0 KiB |");
    assertContains("| 32 | 17.18 GB | 3.14 GB |");
    assertContains("| 8 | 4.29 GB | 0.78 GB |");
    assertContains("| gemma-2-27b | 23 × (A B) | 4,096 | 32k |");
    assertContains("| gemma-3-27b | 10 × (5A B) 2A | 1,024 | 32k |");
  }

  @Test
  void modelsHaveTheirPublishedSizes() {
    assertContains("| deepseek-v3 | 671,026,404,352 | 37,552,282,624 |");
    assertContains("| active per token | 9 (8 routed + 1 shared) | 2 (1 routed + 1 shared) |");
    assertContains("| parameters | 671,026,404,352 | 400,711,848,960 |");
    assertContains("| parameters | 596,049,920 | 1,235,814,400 |");
    assertContains("| cache per token, bf16 | 112.0 KiB | 32.0 KiB |");
  }

  @Test
  void trainingCostsHoursTimesPrice() {
    assertContains("| pre-training | 2,664,000 | $5.328M |");
    assertContains("| context extension | 119,000 | $0.238M |");
    assertContains("| post-training | 5,000 | $0.010M |");
    assertContains("| all | 2,788,000 | $5.576M |");
  }

  private static void assertContains(String expected) {
    assertTrue(TEXT.contains(expected), expected + "\nnot in\n" + TEXT);
  }
}
