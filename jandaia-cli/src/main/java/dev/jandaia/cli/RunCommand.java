package dev.jandaia.cli;

import dev.jandaia.Jandaia;
import dev.jandaia.TextModel;
import dev.jandaia.cache.CacheType;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.template.ChatTemplate;
import dev.jandaia.tensor.JandaiaException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia run}: talk to a model. */
@Command(
    name = "run",
    description = {
      "Talk to a model: answer one prompt, or chat where none is given.",
      "Without MODEL it is the small one that comes with Jandaia. A prompt may also be piped in;"
          + " what is piped out is plain text.",
      "Sampling options have the names and defaults of llama.cpp; the model's own"
          + " generation_config.json comes before the defaults, and your options before both."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia run",
      "  jandaia run Qwen/Qwen3-0.6B",
      "  jandaia run model.gguf -p Hello -n 64 --temp 0.7 --seed 42",
      "  jandaia run model.gguf -f question.txt --greedy"
    })
final class RunCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", arity = "0..1", description = ModelPaths.DESCRIPTION)
  private String model;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "Answer this and end.")
  private String prompt;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Take the prompt from a file; it follows --prompt. - is standard input.")
  private Path file;

  @Option(
      names = {"-sys", "--system"},
      paramLabel = "TEXT",
      description = "How the model is to behave.")
  private String system;

  @Option(
      names = {"-n", "--predict"},
      paramLabel = "N",
      description = "Tokens of an answer at most (1024).")
  private Integer maxTokens;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text (repeatable).")
  private List<String> stops = List.of();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A chat template (Jinja) in place of the model's own.")
  private Path template;

  @Option(names = "--raw", description = "No chat template: continue the text as it is.")
  private boolean raw;

  @Mixin private EngineOptions engineOptions = new EngineOptions();
  @Mixin private CacheOptions cacheOptions = new CacheOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Override
  public Integer call() throws InterruptedException {
    if (raw && (template != null || system != null)) {
      throw new UsageException("--raw: expected no --template and no --system beside it");
    }
    boolean alone = prompt == null && file == null;
    if (alone && main.surroundings().terminal()) {
      chat();
    } else {
      answer();
    }
    return ExitCode.OK;
  }

  private void answer() {
    String text = text();
    if (text.isEmpty() && prompt == null) {
      throw new UsageException("expected a prompt, found nothing in it");
    }
    Screen screen = new Screen(command.commandLine(), false);
    try (TextModel loaded = load()) {
      screen.show(conversation(loaded, screen), text);
    }
  }

  private String text() {
    InputStream in = main.surroundings().in();
    if (file == null) {
      return prompt == null ? withoutLineEnd(TextInput.read(in)) : prompt;
    }
    return (prompt == null ? "" : prompt + "\n\n") + withoutLineEnd(TextInput.read(file, in));
  }

  /** The last line end belongs to the file, not to the text. */
  private static String withoutLineEnd(String text) {
    return text.replaceFirst("\\R\\z", "");
  }

  private void chat() throws InterruptedException {
    Surroundings surroundings = main.surroundings();
    // a line editor takes as long to start as a small model to load: both at once
    CompletableFuture<Keyboard> starting = CompletableFuture.supplyAsync(surroundings.keyboard());
    boolean colors = Terminal.showsColors(surroundings.environment(), true);
    Screen screen = new Screen(command.commandLine(), colors);
    try (TextModel loaded = load();
        Keyboard keyboard = starting.join()) {
      Conversation conversation = conversation(loaded, screen);
      screen.introduce(loaded, engineOptions.threads());
      new ChatLoop(conversation, keyboard, screen).run();
    }
  }

  private TextModel load() {
    Optional<CacheType> type = cacheOptions.asked();
    TextModel loaded = model == null ? embedded() : stored();
    type.ifPresent(loaded::cacheType);
    return loaded;
  }

  private TextModel embedded() {
    command
        .commandLine()
        .getErr()
        .println(
            "No MODEL was named: this is the small one inside Jandaia, which adds and subtracts"
                + " numbers of two digits. Try 47+85. For others: jandaia pull --help");
    return Jandaia.embedded(engineOptions.threads());
  }

  private TextModel stored() {
    TextModel loaded = Jandaia.load(main.locate(model), engineOptions.threads());
    Engine.noteUnread(loaded.loaded(), command.commandLine().getErr());
    return loaded;
  }

  private Conversation conversation(TextModel loaded, Screen screen) {
    Optional<ChatTemplate> chosen = template(loaded);
    GenerationOptions options = options(loaded);
    if (chosen.isPresent()) {
      return Conversation.chat(loaded, chosen.get(), Optional.ofNullable(system), options);
    }
    if (system != null) {
      throw new JandaiaException(
          loaded.name() + ": --system needs a chat template, found none (--template FILE)");
    }
    if (!raw) {
      screen.note(loaded.name() + " has no chat template: it continues the text as it is");
    }
    return Conversation.plain(loaded, options);
  }

  private Optional<ChatTemplate> template(TextModel loaded) {
    if (raw) {
      return Optional.empty();
    }
    if (template == null) {
      return loaded.chatTemplate();
    }
    String source = TextInput.read(template, main.surroundings().in());
    return Optional.of(ChatTemplate.parse(template.toString(), source));
  }

  private GenerationOptions options(TextModel loaded) {
    GenerationOptions defaults = loaded.defaults();
    int limit = maxTokens == null ? defaults.maxTokens() : Require.atLeast("-n", 0, maxTokens);
    return defaults
        .withSampler(sampling.chain(defaults.sampler(), loaded.tokenizer()))
        .withSeed(sampling.seed())
        .withMaxTokens(limit)
        .withStops(stops);
  }
}
