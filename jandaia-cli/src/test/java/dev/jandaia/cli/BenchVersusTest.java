package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Side by side with scripts that print what llama-bench and llama-batched-bench print. */
@DisabledOnOs(OS.WINDOWS) // the peers are shell scripts
class BenchVersusTest {
  private static final String LLAMA = Goldens.model("llama32").toString();

  @TempDir Path temporary;

  @Test
  void everyRoundRunsEverySideAndRatiosAreOfTheSameRound() throws IOException {
    // answers 100, then 200, then 400 tokens per second, and notes its arguments
    Path peer =
        script(
            """
            echo "$@" >> %1$s/calls
            rate=$((50 * (1 << $(wc -l < %1$s/calls))))
            echo "some noise"
            echo "[ {\\"n_prompt\\": 8, \\"n_gen\\": 0, \\"avg_ts\\": $rate.0 } ]"
            """
                .formatted(temporary));
    Cli cli =
        bench(
            "-p", "8", "-n", "0", "-r", "3", "--versus", "old one=" + peer + " -m {model} {p} {t}");

    assertEquals(0, cli.exitCode(), cli.err());
    JsonNode test = JsonMapper.shared().readTree(cli.out()).get(0);
    JsonNode theirs = test.path("peers").get(0);
    assertEquals("old one", theirs.path("label").stringValue());
    assertEquals(200, theirs.path("median_ts").doubleValue());
    assertEquals(3, test.path("samples_ts").size());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      ratios.add(
          test.path("samples_ts").get(round).doubleValue()
              / theirs.path("samples_ts").get(round).doubleValue());
    }
    ratios.sort(null);
    assertEquals(ratios.get(1), theirs.path("ratio").doubleValue(), 1e-9);
    assertEquals(3, test.path("plain_read_bytes_per_second").size());
    assertEquals(
        ("-m %s 8 1\n".formatted(LLAMA)).repeat(3), Files.readString(temporary.resolve("calls")));
  }

  @Test
  void batchedBenchIsReadAsLinesAndAsATable() throws IOException {
    Path lines =
        script(
            """
            echo '{"n_kv_max": 99, "pp": 4, "tg": 4, "pl": 3, "speed_pp": 7.5, "speed_tg": 12.5}'
            """);
    Path table =
        script(
            """
            echo '|    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |' >&2
            echo '|-------|--------|------|--------|----------|----------|----------|----------|----------|----------|' >&2
            echo "|     4 |      4 |    3 |     24 |    0.001 |  1000.00 |    0.900 |    $1.50 |    1.000 |    24.00 |" >&2
            """);
    Cli cli =
        bench(
            "-p",
            "0",
            "-n",
            "4",
            "-s",
            "3",
            "-d",
            "4",
            "-r",
            "1",
            "--versus",
            "lines:batch=" + lines,
            "--versus",
            "table:batch=" + table + " {c}");

    assertEquals(0, cli.exitCode(), cli.err());
    JsonNode peers = JsonMapper.shared().readTree(cli.out()).get(0).path("peers");
    assertEquals(12.5, peers.get(0).path("median_ts").doubleValue());
    // three sequences of eight positions
    assertEquals(24.5, peers.get(1).path("median_ts").doubleValue());
  }

  @Test
  void testThatAPeerHasNoCommandForIsSaidAndLeftOut() throws IOException {
    Path peer = script("echo '[ {\"avg_ts\": 5} ]'");
    Cli cli =
        Cli.run(
            "bench",
            LLAMA,
            "-p",
            "0",
            "-n",
            "4",
            "-d",
            "0,4",
            "-t",
            "1",
            "-r",
            "1",
            "--warm-up",
            "0",
            "--versus",
            "peer=" + peer);

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains("note: peer has no command for tg4 @ d4"), cli.err());
    assertTrue(cli.out().contains("| peer | ratio |"), cli.out());
    assertTrue(cli.out().matches("(?s).*\\| tg4 @ d4 \\| 1 \\| [^|]+ \\| [^|]+ \\| – \\| – \\|.*"));
    assertTrue(cli.out().matches("(?s).*\\| tg4 \\| 1 \\| .* \\| 5.00 \\| \\*\\*.*"), cli.out());
  }

  @Test
  void peerThatFailsIsQuoted() throws IOException {
    Path peer = script("echo first >&2; echo 'no such model' >&2; exit 3");
    Cli cli = bench("-p", "8", "-n", "0", "-r", "1", "--versus", "peer=" + peer);

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("peer, pp8: exit code 3: no such model"), cli.err());
  }

  @Test
  void javaPeerThatFailsIsQuotedWithoutItsStackTrace() throws IOException {
    Path peer =
        script(
            """
            cat >&2 <<END
            Exception in thread "main" java.lang.IllegalStateException: outer
            	at java.base/java.util.List.of(List.java:935)
            Caused by: no such tensor
            	at some.Model$Part.<init>(Model.java:7)
            	... 12 more
            END
            exit 1
            """);
    Cli cli = bench("-p", "8", "-n", "0", "-r", "1", "--versus", "peer=" + peer);

    assertTrue(cli.err().contains("peer, pp8: exit code 1: Caused by: no such tensor"), cli.err());
  }

  @Test
  void peerThatCannotBeStartedIsNamed() {
    Cli cli = bench("-p", "8", "-n", "0", "-r", "1", "--versus", "peer=no-such-program {model}");

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("peer, pp8: Cannot run program \"no-such-program\""), cli.err());
  }

  @Test
  void peerThatPrintsSomethingElseIsQuoted() throws IOException {
    Path peer = script("echo hello");
    Cli cli = bench("-p", "8", "-n", "0", "-r", "1", "--versus", "peer=" + peer);

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("peer, pp8: expected one result of llama-bench"), cli.err());
    assertTrue(cli.err().contains("found: hello"), cli.err());
  }

  @Test
  void labelsAndKindsAreChecked() {
    Cli noLabel = bench("--versus", "llama-bench");
    Cli badKind = bench("--versus", "peer:fast=llama-bench");

    assertEquals(2, noLabel.exitCode());
    assertTrue(noLabel.err().contains("expected LABEL=COMMAND, found llama-bench"), noLabel.err());
    assertEquals(2, badKind.exitCode());
    assertTrue(badKind.err().contains("LABEL:deep"), badKind.err());
  }

  private static Cli bench(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("bench", LLAMA, "-t", "1", "--warm-up", "0", "-o", "json"));
    arguments.addAll(List.of(options));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private Path script(String body) throws IOException {
    Path file = Files.createTempFile(temporary, "peer", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + body);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }
}
