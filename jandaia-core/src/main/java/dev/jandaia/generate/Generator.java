package dev.jandaia.generate;

import dev.jandaia.cache.CacheType;
import dev.jandaia.generate.sample.Candidates;
import dev.jandaia.generate.sample.Sampler;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.List;

/**
 * Prefill, then decode: continues one or several prompts token by token. Prompts of a batch are
 * decoded together, one row each; a row leaves when its completion ends. One thread at a time.
 */
public final class Generator {
  /**
   * Rows of one prefill pass: enough to keep the arithmetic busy, few enough to bound the memory of
   * activations.
   */
  private static final int PREFILL_ROWS = 512;

  private final LanguageModel model;
  private final Compute compute;
  private final Candidates candidates = new Candidates();
  private final Batch batch = new Batch();
  private CacheType cacheType;

  public Generator(LanguageModel model, Compute compute) {
    this.model = model;
    this.compute = compute;
    this.cacheType = CacheType.usual(compute.kernels());
  }

  /**
   * How sequences that begin from now on store what they remember; at first {@link
   * CacheType#usual}ly.
   */
  public void cacheType(CacheType type) {
    cacheType = type;
  }

  /** A fresh sequence for {@link #continueSequence}. */
  public TokenSequence newSequence() {
    return new TokenSequence(model.newSequence(cacheType));
  }

  /**
   * Continues every prompt.
   *
   * @param prompts ids, each prompt at least one
   */
  public Generation generate(List<int[]> prompts, GenerationOptions options, TokenSink sink) {
    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(newSequence());
    }
    return run(sequences, prompts, options, sink);
  }

  /** Continues one prompt, reading only what {@code sequence} has not seen yet. */
  public Generation continueSequence(
      TokenSequence sequence, int[] prompt, GenerationOptions options, TokenSink sink) {
    return run(List.of(sequence), List.of(prompt), options, sink);
  }

  private Generation run(
      List<TokenSequence> sequences,
      List<int[]> prompts,
      GenerationOptions options,
      TokenSink sink) {
    List<Running> all = new ArrayList<>();
    long start = System.nanoTime();
    int read = 0;
    for (int i = 0; i < prompts.size(); i++) {
      Sampler sampler = new Sampler(options.sampler(), options.seed() + i, candidates);
      Running running = new Running(i, sequences.get(i), sampler, options, sink);
      all.add(running);
      read += prefill(running, prompts.get(i));
    }
    long prefilled = System.nanoTime();
    List<Running> active = new ArrayList<>(all);
    active.removeIf(Running::finished);
    while (!active.isEmpty()) {
      decode(active);
      active.removeIf(Running::finished);
    }
    long end = System.nanoTime();
    int generated = all.stream().mapToInt(Running::sampledTokens).sum();
    Timings timings = new Timings(read, prefilled - start, generated, end - prefilled);
    return new Generation(all.stream().map(Running::completion).toList(), timings);
  }

  /** Reads a prompt and samples the token after it; returns how many tokens had to be read. */
  private int prefill(Running running, int[] prompt) {
    if (prompt.length == 0) {
      throw new JandaiaException("prompt: expected at least one token, found none");
    }
    running.remember(prompt);
    TokenSequence sequence = running.sequence();
    int from = sequence.rewindTo(prompt);
    int read = prompt.length - from;
    while (from < prompt.length) {
      int count = Math.min(PREFILL_ROWS, prompt.length - from);
      int mark = compute.mark();
      batch.clear();
      batch.add(sequence.cache(), prompt, from, count);
      if (from + count == prompt.length && running.mayContinue()) {
        Matrix logits = model.nextTokenLogits(compute, batch);
        running.sample(logits, 0);
      } else {
        model.hidden(compute, batch, LanguageModel.Observer.NONE);
      }
      sequence.saw(prompt, from, count);
      compute.release(mark);
      from += count;
    }
    sequence.promptEnds();
    endWithoutRoom(running);
    return read;
  }

  /** A table of learned positions ends somewhere; a completion ends there too. */
  private void endWithoutRoom(Running running) {
    int positions = model.spec().embedding().learnedPositions();
    if (positions > 0 && running.sequence().length() == positions) {
      running.endForLength();
    }
  }

  private void decode(List<Running> active) {
    int mark = compute.mark();
    batch.clear();
    for (int i = 0; i < active.size(); i++) {
      Running running = active.get(i);
      batch.add(running.sequence().cache(), running.lastToken());
    }
    Matrix logits = model.nextTokenLogits(compute, batch);
    for (int i = 0; i < active.size(); i++) {
      active.get(i).sequence().saw(batch.ids(), i, 1);
      active.get(i).sample(logits, i);
      endWithoutRoom(active.get(i));
    }
    compute.release(mark);
  }
}
