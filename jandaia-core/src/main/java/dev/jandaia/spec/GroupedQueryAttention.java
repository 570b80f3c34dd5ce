package dev.jandaia.spec;

import java.util.function.Consumer;

/**
 * Softmax attention whose query heads share key/value heads in groups (2305.13245). Multi-head
 * attention is the case numKvHeads = numHeads, multi-query attention the case numKvHeads = 1.
 *
 * <p>For query head h and key/value head g = ⌊h·numKvHeads/numHeads⌋: o_h = Σ_s
 * softmax_s(softCap(scale·q_h·k_g,s) + mask)·v_g,s.
 *
 * @param numHeads query heads, H
 * @param numKvHeads key/value heads, G; divides numHeads
 * @param headDim elements per head, D
 * @param inputBias whether the query, key and value projections have a bias
 * @param outputBias whether the output projection has a bias
 * @param qkNorm normalisation of queries and keys before RoPE
 * @param position how positions enter queries and keys
 * @param span which keys a query may see
 * @param scale factor on the scores, commonly 1/√D
 * @param scoreSoftCap c of the soft cap c·tanh(z/c) on the scaled scores (Gemma 2); 0 for none
 * @param sinks whether each head has a learned sink logit that takes part in the softmax and
 *     carries no value (gpt-oss)
 * @param outputGate whether each element of the heads' outputs is multiplied by σ(W_g·x) before the
 *     output projection (2505.06708)
 * @param clip bound on the magnitude of the elements of queries, keys and values after their norms
 *     and before RoPE (OLMoE); 0 for none
 * @param temperature how queries are sharpened with their position
 * @param weights how scores become weights; the formula above has softmax
 * @param valueNorm normalisation of each head of the values
 * @param keyValues where keys and values come from
 */
public record GroupedQueryAttention(
    int numHeads,
    int numKvHeads,
    int headDim,
    boolean inputBias,
    boolean outputBias,
    QkNorm qkNorm,
    Position position,
    Span span,
    double scale,
    double scoreSoftCap,
    boolean sinks,
    boolean outputGate,
    double clip,
    Temperature temperature,
    ScoreWeights weights,
    Norm valueNorm,
    KeyValues keyValues)
    implements Mixer {

  public GroupedQueryAttention {
    Check.positive("attention.numHeads", numHeads);
    Check.positive("attention.numKvHeads", numKvHeads);
    Check.divides("attention.numKvHeads", numKvHeads, "attention.numHeads", numHeads);
    Check.positive("attention.headDim", headDim);
    Check.positive("attention.scale", scale);
    Check.notNegative("attention.scoreSoftCap", scoreSoftCap);
    Check.notNegative("attention.clip", clip);
    position.requireHeadDim(headDim);
    if (sinks && !(weights instanceof ScoreWeights.Softmax)) {
      throw new SpecException("attention.sinks: expected softmax weights, found " + weights);
    }
    if (span instanceof Span.Sparse) {
      throw new SpecException("attention.span: expected one that is not sparse, found " + span);
    }
    if (keyValues instanceof KeyValues.KeysOnly && !isNormalisedFirst(qkNorm)) {
      throw new SpecException(
          "attention.qkNorm: expected PerHead or Whole where keys serve as values, found "
              + qkNorm);
    }
  }

  /** Keys and values of one projection must part before RoPE turns the keys. */
  private static boolean isNormalisedFirst(QkNorm norm) {
    return norm instanceof QkNorm.PerHead || norm instanceof QkNorm.Whole;
  }

  /** Attention as Llama has it: no biases, no extra norms, all keys visible, scale 1/√D. */
  public static GroupedQueryAttention of(
      int numHeads, int numKvHeads, int headDim, Position position) {
    return new GroupedQueryAttention(
        numHeads,
        numKvHeads,
        headDim,
        false,
        false,
        QkNorm.NONE,
        position,
        Span.FULL,
        1 / Math.sqrt(headDim),
        0,
        false,
        false,
        0,
        Temperature.NONE,
        ScoreWeights.SOFTMAX,
        Norm.NONE,
        KeyValues.PROJECTED);
  }

  /** This attention with another number of key/value heads. */
  public GroupedQueryAttention withKvHeads(int heads) {
    return with(draft -> draft.numKvHeads = heads);
  }

  /** This attention with or without biases. */
  public GroupedQueryAttention withBias(boolean input, boolean output) {
    return with(draft -> {
      draft.inputBias = input;
      draft.outputBias = output;
    });
  }

  /** This attention with other norms of queries and keys. */
  public GroupedQueryAttention withQkNorm(QkNorm norm) {
    return with(draft -> draft.qkNorm = norm);
  }

  /** This attention with other positions. */
  public GroupedQueryAttention withPosition(Position other) {
    return with(draft -> draft.position = other);
  }

  /** This attention with another span. */
  public GroupedQueryAttention withSpan(Span other) {
    return with(draft -> draft.span = other);
  }

  /** This attention with another scale. */
  public GroupedQueryAttention withScale(double other) {
    return with(draft -> draft.scale = other);
  }

  /** This attention with another soft cap. */
  public GroupedQueryAttention withScoreSoftCap(double cap) {
    return with(draft -> draft.scoreSoftCap = cap);
  }

  /** This attention with a sink in every head. */
  public GroupedQueryAttention withSinks() {
    return with(draft -> draft.sinks = true);
  }

  /** This attention with a sigmoid gate on the heads' outputs. */
  public GroupedQueryAttention withOutputGate() {
    return with(draft -> draft.outputGate = true);
  }

  /** This attention with clipped queries, keys and values; 0 clips nothing. */
  public GroupedQueryAttention withClip(double bound) {
    return with(draft -> draft.clip = bound);
  }

  /** This attention with another temperature. */
  public GroupedQueryAttention withTemperature(Temperature other) {
    return with(draft -> draft.temperature = other);
  }

  /** This attention with other weights of scores. */
  public GroupedQueryAttention withWeights(ScoreWeights other) {
    return with(draft -> draft.weights = other);
  }

  /** This attention with a norm on each head of the values. */
  public GroupedQueryAttention withValueNorm(Norm norm) {
    return with(draft -> draft.valueNorm = norm);
  }

  /** This attention with keys and values from elsewhere. */
  public GroupedQueryAttention withKeyValues(KeyValues source) {
    return with(draft -> draft.keyValues = source);
  }

  private GroupedQueryAttention with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** The components, while one of them changes. */
  private static final class Draft {
    private final int numHeads;
    private int numKvHeads;
    private final int headDim;
    private boolean inputBias;
    private boolean outputBias;
    private QkNorm qkNorm;
    private Position position;
    private Span span;
    private double scale;
    private double scoreSoftCap;
    private boolean sinks;
    private boolean outputGate;
    private double clip;
    private Temperature temperature;
    private ScoreWeights weights;
    private Norm valueNorm;
    private KeyValues keyValues;

    Draft(GroupedQueryAttention from) {
      numHeads = from.numHeads;
      numKvHeads = from.numKvHeads;
      headDim = from.headDim;
      inputBias = from.inputBias;
      outputBias = from.outputBias;
      qkNorm = from.qkNorm;
      position = from.position;
      span = from.span;
      scale = from.scale;
      scoreSoftCap = from.scoreSoftCap;
      sinks = from.sinks;
      outputGate = from.outputGate;
      clip = from.clip;
      temperature = from.temperature;
      weights = from.weights;
      valueNorm = from.valueNorm;
      keyValues = from.keyValues;
    }

    GroupedQueryAttention finish() {
      return new GroupedQueryAttention(
          numHeads,
          numKvHeads,
          headDim,
          inputBias,
          outputBias,
          qkNorm,
          position,
          span,
          scale,
          scoreSoftCap,
          sinks,
          outputGate,
          clip,
          temperature,
          weights,
          valueNorm,
          keyValues);
    }
  }

  /** Width of all queries together, H·D. */
  public int queryWidth() {
    return numHeads * headDim;
  }

  /** Width of all keys (or all values) together, G·D. */
  public int keyValueWidth() {
    return numKvHeads * headDim;
  }
}
