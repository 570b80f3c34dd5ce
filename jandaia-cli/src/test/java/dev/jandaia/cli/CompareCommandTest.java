package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.Gallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareCommandTest {
  @TempDir Path scratch;

  @Test
  void publishedNamesDirectoriesAndConfigsMix() {
    String directory = Goldens.model("llama32").toString();
    String config = Goldens.model("gemma3_text") + "/config.json";

    Cli cli = compare("deepseek-v3", directory, config, "--machine", "40,500");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.out().contains("deepseek-v3"), cli.out());
    assertTrue(cli.out().contains("gemma3_text"), cli.out());
    assertTrue(cli.out().matches("(?s).*≠ total +671\\.0B +54\\.0K .*"), cli.out());
    assertTrue(cli.out().contains("40.0 GB/s and 500.0 GFLOP/s, as given"), cli.out());
  }

  @Test
  void outputGoesToFilesOfThreeFormats() throws IOException {
    Path html = scratch.resolve("page.html");
    Path json = scratch.resolve("counts.json");

    Cli cli =
        compare(
            "-o",
            "html",
            html.toString(),
            "qwen3-0.6b",
            "llama-3.2-1b",
            "-o",
            "json",
            json.toString(),
            "-o",
            "md",
            "-",
            "--machine",
            "40,500");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(Files.readString(html).startsWith("<!DOCTYPE html>"));
    JsonNode models = JsonMapper.shared().readTree(Files.readString(json)).get("models");
    assertEquals(2, models.size());
    assertTrue(cli.out().contains("# qwen3-0.6b · llama-3.2-1b"), cli.out());
    assertEquals(2, Files.list(scratch).count(), "nothing unfinished is left");
  }

  @Test
  void explanationsAreThereOnRequest() {
    String compare = compare("llama-3.2-1b", "--machine", "40,500", "--explain").out();
    assertTrue(compare.contains("2·G·D = 2·8·64 = 1,024 elements"), compare);

    String show = Cli.run("show", "llama-3.2-1b", "--explain").out();
    assertTrue(show.contains("all layers   32.0 KiB"), show);
    assertTrue(show.contains("total = embedding + finalNorm + 16 × layer A = 1,235,814,400"), show);
    assertFalse(Cli.run("show", "llama-3.2-1b").out().contains("layer A ="));
  }

  @Test
  void measurementRunsTheCheckpoint() {
    String directory = Goldens.model("llama32").toString();

    Cli cli = compare(directory, "--machine", "40,500", "--measure", "-t", "1");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.out().matches("(?s).*weights +F32 as stored\\n.*"), cli.out());
    assertTrue(cli.err().contains("measuring llama32"), cli.err());
  }

  @Test
  void mistakesAreOneLine() {
    assertFails(1, "nowhere: no such file or directory, and no published model", "nowhere");
    assertFails(2, "expected at least one MODEL");
    assertFails(2, "-o: expected md, json or html, found pdf", "qwen3-0.6b", "-o", "pdf", "x");
    assertFails(1, "machine: expected GB/s,GFLOP/s", "qwen3-0.6b", "--machine", "fast");
    String file = scratch.resolve("absent/page.html").toString();
    assertFails(1, "cannot be written: no directory", "qwen3-0.6b", "-o", "html", file);
  }

  @Test
  void listNamesEveryPublishedModel() {
    String out = compare("--list").out();

    assertEquals(Gallery.names().size(), out.lines().count());
    assertTrue(out.contains("deepseek-v3\n"), out);
  }

  private static void assertFails(int exitCode, String message, String... args) {
    Cli cli = compare(args);
    assertEquals(exitCode, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains(message), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
  }

  private static Cli compare(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "compare";
    System.arraycopy(args, 0, all, 1, args.length);
    return Cli.run(all);
  }
}
