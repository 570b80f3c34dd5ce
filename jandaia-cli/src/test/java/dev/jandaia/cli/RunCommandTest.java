package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code run} on the small trained model beside the repository, where it is. */
class RunCommandTest {
  private static final String DREAMS = "models/dreams-260k/dreams-260k-f32.gguf";
  private static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}{{ m.content }} {% endfor %}";

  @TempDir Path temporary;

  @Test
  void promptIsContinuedAsRecorded() throws IOException {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    JsonNode expected =
        JsonMapper.shared()
            .readTree(Files.readString(Goldens.shared("models/dreams-260k/expected.json")));
    for (JsonNode row : expected.path("cases")) {
      Cli cli = run("", "-p", row.path("prompt").stringValue(), "-n", "80", "--greedy");
      assertEquals(row.path("text").stringValue() + System.lineSeparator(), cli.out());
      assertTrue(cli.err().contains("answer 80 tokens"), cli.err());
    }
  }

  @Test
  void pipedTextIsThePromptWithoutItsLineEnd() throws IOException {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    Path file = Files.writeString(temporary.resolve("prompt"), "Echoes of\n");
    String expected = run("", "-p", "Echoes of", "-n", "9", "--greedy").out();

    assertEquals(expected, run("Echoes of\n", "-n", "9", "--greedy").out());
    assertEquals(expected, run("", "-f", file.toString(), "-n", "9", "--greedy").out());
    assertEquals(expected, run("Echoes of", "-f", "-", "-n", "9", "--greedy").out());
  }

  @Test
  void stopTextEndsTheAnswerBeforeIt() {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    String whole = run("", "-p", "Echoes of", "-n", "40", "--greedy").out().stripTrailing();
    String stopped = run("", "-p", "Echoes of", "-n", "40", "--greedy", "--stop", "slowly").out();

    assertEquals(whole.substring(0, whole.indexOf("slowly")) + System.lineSeparator(), stopped);
  }

  @Test
  void wrongUseIsRefused() {
    assertTrue(Cli.run("run", "absent", "-p", "x").err().contains("absent: no such file"));
    assertEquals(2, Cli.run("run", "absent", "--raw", "--system", "x").exitCode());
    assertEquals(2, Cli.run("run", "absent").exitCode());
    if (Goldens.hasShared(DREAMS)) {
      assertTrue(run("", "-p", "x", "--system", "y").err().contains("needs a chat template"));
    }
  }

  @Test
  void chatRemembersAndObeysCommands() throws IOException {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    Path saved = temporary.resolve("chat.json");
    Cli cli =
        chat("Echoes of", "/context", "", "/nonsense", "/save " + saved, "/save", "/quit", "no");

    assertEquals(0, cli.exitCode(), cli.err());
    assertEquals(1, cli.out().lines().count(), cli.out());
    assertTrue(cli.err().contains("of 128 tokens"), cli.err());
    assertTrue(cli.err().contains("no command /nonsense"), cli.err());
    assertTrue(cli.err().contains("/save: expected a file name"), cli.err());
    JsonNode messages = JsonMapper.shared().readTree(Files.readString(saved)).path("messages");
    assertEquals("Echoes of", messages.get(0).path("content").stringValue());
    assertEquals(cli.out(), messages.get(1).path("content").stringValue() + System.lineSeparator());
    assertEquals(2, messages.size());
  }

  @Test
  void secondAnswerContinuesTheFirstAndResetForgets() throws IOException {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    List<String> lines = chat("Echoes of", "the", "/reset", "Echoes of").out().lines().toList();

    assertEquals(3, lines.size());
    assertEquals(lines.get(0), lines.get(2));
    assertFalse(lines.get(1).equals(lines.get(0)));
  }

  @Test
  void controlCLeavesWith130() throws IOException {
    if (!Goldens.hasShared(DREAMS)) {
      return;
    }
    assertEquals(130, chat("Echoes of", Lines.CONTROL_C).exitCode());
  }

  private static Cli run(String in, String... args) {
    return Cli.run(Cli.surroundings(in), line(args));
  }

  private Cli chat(String... lines) throws IOException {
    Path template = Files.writeString(temporary.resolve("chat.jinja"), TEMPLATE);
    Surroundings terminal = Cli.terminal(new Lines(lines));
    return Cli.run(terminal, line("--template", template.toString(), "-n", "12", "--greedy"));
  }

  private static String[] line(String... args) {
    String[] line = Arrays.copyOf(new String[] {"run", ""}, args.length + 2);
    line[1] = Goldens.shared(DREAMS).toString();
    System.arraycopy(args, 0, line, 2, args.length);
    return line;
  }

  /** Somebody who types these lines and then leaves. */
  private static final class Lines implements Keyboard {
    static final String CONTROL_C = "\u0003";

    private final Queue<String> lines;

    Lines(String... lines) {
      this.lines = new ArrayDeque<>(List.of(lines));
    }

    @Override
    public Optional<String> readLine() throws InterruptedException {
      String line = lines.poll();
      if (CONTROL_C.equals(line)) {
        throw new InterruptedException();
      }
      return Optional.ofNullable(line);
    }

    @Override
    public void onInterrupt(Runnable action) {}

    @Override
    public void close() {}
  }
}
