package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another program to measure beside ours.
 *
 * @param label what to call it
 * @param commands by kind of test, with {@code {model}} and the like in place of values
 */
record Peer(String label, Map<Kind, String> commands) {
  /** Words, or parts of words in quotes. */
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]+|'[^']*'|\"[^\"]*\")+");

  /** Tests that need other options of other programs. */
  enum Kind {
    /** A prompt or a generation from an empty context. */
    PLAIN,
    /** Generation from a context that is already long. */
    DEEP,
    /** Several sequences together. */
    BATCH,
    /** A prompt and a generation, timed together. */
    PAIR;

    static Kind of(BenchTest test) {
      if (test.sequences() > 1) {
        return BATCH;
      }
      return test.prompt() > 0 && test.generated() > 0 ? PAIR : test.depth() > 0 ? DEEP : PLAIN;
    }
  }

  /**
   * Peers in the order of their first mention, from {@code LABEL=COMMAND}, {@code LABEL:deep=…}.
   */
  static List<Peer> parse(List<String> texts) {
    Map<String, Map<Kind, String>> peers = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--versus: expected LABEL=COMMAND, found " + text);
      }
      String[] name = text.substring(0, equals).split(":", 2);
      Kind kind = name.length == 1 ? Kind.PLAIN : kind(name[1]);
      peers
          .computeIfAbsent(name[0], _ -> new EnumMap<>(Kind.class))
          .put(kind, text.substring(equals + 1));
    }
    return peers.entrySet().stream().map(e -> new Peer(e.getKey(), e.getValue())).toList();
  }

  private static Kind kind(String name) {
    try {
      return Kind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--versus: expected LABEL, LABEL:deep, LABEL:batch or LABEL:pair, found :" + name, e);
    }
  }

  /** The words of the command for a test; empty if none was given. */
  Optional<List<String>> command(BenchTest test, int threads, Path model) {
    return Optional.ofNullable(commands.get(Kind.of(test)))
        .map(template -> words(template, values(test, threads, model)));
  }

  private static Map<String, String> values(BenchTest test, int threads, Path model) {
    return Map.of(
        "{model}", model.toString(),
        "{p}", Integer.toString(test.prompt()),
        "{n}", Integer.toString(test.generated()),
        "{d}", Integer.toString(test.depth()),
        "{s}", Integer.toString(test.sequences()),
        "{t}", Integer.toString(threads),
        "{c}", Integer.toString(test.length() * test.sequences()));
  }

  private static List<String> words(String template, Map<String, String> values) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(template);
    while (matcher.find()) {
      String word = matcher.group().replaceAll("['\"]", "");
      for (Map.Entry<String, String> value : values.entrySet()) {
        word = word.replace(value.getKey(), value.getValue());
      }
      words.add(word);
    }
    return words;
  }

  /**
   * Runs a command and returns the tokens per second that it reports.
   *
   * @throws JandaiaException if it cannot be started or says nothing useful
   */
  double run(List<String> words, BenchTest test) {
    try {
      Path errors = Files.createTempFile("jandaia-peer", ".log");
      try {
        Process process = new ProcessBuilder(words).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new PeerOutput(label, out, Files.readString(errors)).rate(process.waitFor(), test);
      } finally {
        Files.deleteIfExists(errors);
      }
    } catch (IOException e) {
      throw new JandaiaException("%s, %s: %s".formatted(label, test.label(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
