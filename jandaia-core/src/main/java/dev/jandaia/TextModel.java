package dev.jandaia;

import dev.jandaia.cache.CacheType;
import dev.jandaia.generate.Completion;
import dev.jandaia.generate.Generation;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.Generator;
import dev.jandaia.generate.TokenSink;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.template.ChatTemplate;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A loaded model with its tokenizer and chat template, ready to write text. One call at a time;
 * close it to give its memory back.
 */
public final class TextModel implements AutoCloseable {
  private final ModelFiles files;
  private final LoadedModel loaded;
  private final Workers workers;
  private final Compute compute;
  private final Generator generator;

  TextModel(ModelFiles files, LoadedModel loaded, int threads) {
    this.files = files;
    this.loaded = loaded;
    this.workers = Workers.of(threads);
    this.compute = new Compute(Kernels.fastest(), workers);
    this.generator = new Generator(loaded.model(), compute);
  }

  /** The name its publisher gave it, or that of its file. */
  public String name() {
    return files.name();
  }

  /** The architecture. */
  public ModelSpec spec() {
    return loaded.spec();
  }

  /** The weights and the executable model. */
  public LoadedModel loaded() {
    return loaded;
  }

  /** Where it runs. */
  public Compute compute() {
    return compute;
  }

  /** The decode loop, for work on token ids. */
  public Generator generator() {
    return generator;
  }

  /**
   * How chats and completions that begin from now on store what they remember: smaller types hold
   * longer contexts in the same memory. At first f16 where kernels round activations, else f32:
   * {@link CacheType#usual}.
   */
  public TextModel cacheType(CacheType type) {
    generator.cacheType(type);
    return this;
  }

  /**
   * Its tokenizer.
   *
   * @throws JandaiaException if the files hold none
   */
  public Tokenizer tokenizer() {
    return files
        .tokenizer()
        .orElseThrow(() ->
            new JandaiaException(
                name() + ": expected a tokenizer beside the weights, found none; use token ids"));
  }

  /** The chat template that came with the model; base models have none. */
  public Optional<ChatTemplate> chatTemplate() {
    return files.template();
  }

  /** The publisher's sampling over ours, the model's end tokens, at most 1024 tokens. */
  public GenerationOptions defaults() {
    return new GenerationOptions(files.sampler(), 0, 1024, files.endTokens(), List.of());
  }

  /**
   * A conversation by the model's own chat template.
   *
   * @throws JandaiaException if it has none
   */
  public Chat chat() {
    return chat(
        chatTemplate()
            .orElseThrow(() ->
                new JandaiaException(
                    name()
                        + ": expected a chat template, found none; it continues plain text only")));
  }

  /** A conversation by another template. */
  public Chat chat(ChatTemplate template) {
    return new Chat(this, template);
  }

  /** Continues a text by {@link #defaults}. */
  public String complete(String prompt) {
    return complete(prompt, defaults(), _ -> {}).text();
  }

  /**
   * Continues a text; {@code onText} gets the new text piece by piece, each of whole characters.
   */
  public Reply complete(String prompt, GenerationOptions options, Consumer<String> onText) {
    int[] ids = tokenizer().encode(prompt, Specials.PROMPT);
    return write(options, onText, sink -> generator.generate(List.of(ids), options, sink));
  }

  /** Continues several texts, decoded together; the replies come in the order of the prompts. */
  public List<String> complete(List<String> prompts, GenerationOptions options) {
    List<int[]> ids =
        prompts.stream().map(prompt -> tokenizer().encode(prompt, Specials.PROMPT)).toList();
    List<TextWriter> writers = new ArrayList<>();
    prompts.forEach(_ -> writers.add(new TextWriter(tokenizer(), options.stops(), _ -> {})));
    generator.generate(ids, options, (sequence, token) -> writers.get(sequence).accept(token));
    return writers.stream().map(TextWriter::finish).toList();
  }

  /** Runs a generation of one sequence and turns its tokens into text. */
  Reply write(
      GenerationOptions options,
      Consumer<String> onText,
      java.util.function.Function<TokenSink, Generation> generation) {
    TextWriter writer = new TextWriter(tokenizer(), options.stops(), onText);
    Generation result = generation.apply((_, token) -> writer.accept(token));
    Completion completion = result.completions().getFirst();
    return new Reply(writer.finish(), completion.tokens(), completion.reason(), result.timings());
  }

  @Override
  public void close() {
    workers.close();
    loaded.close();
  }
}
