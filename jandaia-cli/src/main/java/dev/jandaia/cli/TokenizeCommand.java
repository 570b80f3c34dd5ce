package dev.jandaia.cli;

import dev.jandaia.Jandaia;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia tokenize}: from text to token ids. */
@Command(
    name = "tokenize",
    description = {
      "Print the tokens of a text, one per line: the id, a tab, the token as the vocabulary"
          + " spells it.",
      "The text comes from --file, from --prompt, or from standard input."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia tokenize model.gguf --prompt Hello",
      "  jandaia tokenize ORG/NAME --file text.txt --ids",
      "  jandaia tokenize tokenizer.json --file text.txt --ids --bos"
    })
final class TokenizeCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A model, a vocabulary-only GGUF file, or a tokenizer.json, tokenizer.model or"
              + " tekken.json (also .gz). A bare tekken.json is a vocabulary whose ids are ranks;"
              + " with --bos or --special, and in a model directory, its control tokens come"
              + " first.")
  private String model;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The text, all of it, as UTF-8; - is standard input.")
  private Path file;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text itself.")
  private String prompt;

  @Option(names = "--ids", description = "Print the ids alone, on one line, separated by spaces.")
  private boolean idsOnly;

  @Option(
      names = "--special",
      description = "Read the spellings of control tokens in the text as those tokens.")
  private boolean special;

  @Option(
      names = "--bos",
      description = "Add the tokens that the tokenizer puts around a prompt by default.")
  private boolean bos;

  @Override
  public void run() {
    String text = text();
    Path path = Jandaia.locate(model, main.surroundings().hub());
    Tokenizer tokenizer =
        special || bos ? TokenizerFiles.open(path) : TokenizerFiles.vocabulary(path);
    int[] ids = tokenizer.encode(text, specials());
    PrintWriter out = command.commandLine().getOut();
    if (idsOnly) {
      out.println(TokenRows.line(ids));
    } else {
      IntStream.of(ids).forEach(id -> out.println(id + "\t" + tokenizer.token(id)));
    }
  }

  private Specials specials() {
    if (special) {
      return bos ? Specials.MARKUP_PROMPT : Specials.MARKUP;
    }
    return bos ? Specials.PROMPT : Specials.LITERAL;
  }

  private String text() {
    if (file != null && prompt != null) {
      throw new UsageException("expected --file or --prompt, found both");
    }
    if (prompt != null) {
      return prompt;
    }
    InputStream in = main.surroundings().in();
    return file == null ? TextInput.read(in) : TextInput.read(file, in);
  }
}
