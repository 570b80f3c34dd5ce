package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;

/**
 * Runs a {@link SamplerChain} for one sequence: it remembers the sequence's tokens and its random
 * numbers. The same chain, seed, logits and accepted tokens give the same choices. Not thread-safe;
 * allocates nothing per token once it has seen the vocabulary, except to remember tokens when a
 * step looks back without limit.
 */
public final class Sampler {
  private final SamplerStep[] steps;
  private final SamplerChain chain;
  private final long seed;
  private final Candidates candidates;
  private final TokenHistory history;
  private SplitMix64 random;
  private int chosen;

  /** The use of the working memory that made the latest choice; 0 before the first. */
  private long load;

  /** A sampler with working memory of its own. */
  public Sampler(SamplerChain chain, long seed) {
    this(chain, seed, new Candidates());
  }

  /** A sampler that shares its working memory with others of the same thread. */
  public Sampler(SamplerChain chain, long seed, Candidates candidates) {
    this(chain, seed, candidates, new TokenHistory(window(chain)), new SplitMix64(seed));
  }

  private Sampler(
      SamplerChain chain,
      long seed,
      Candidates candidates,
      TokenHistory history,
      SplitMix64 random) {
    this.steps = chain.steps().stream().filter(step -> !step.isOff()).toArray(SamplerStep[]::new);
    this.chain = chain;
    this.seed = seed;
    this.candidates = candidates;
    this.history = history;
    this.random = random;
  }

  /** The longest look back of the active steps; -1 if one has no limit. */
  private static int window(SamplerChain chain) {
    int window = 0;
    for (SamplerStep step : chain.steps()) {
      int lastN =
          switch (step) {
            case Penalties penalties when !penalties.isOff() -> penalties.lastN();
            case Dry dry when !dry.isOff() -> dry.lastN();
            default -> 0;
          };
      window = Integer.compareUnsigned(lastN, window) > 0 ? lastN : window;
    }
    return window;
  }

  /**
   * Chooses the next token without accepting it.
   *
   * @param logits [V] f32 from {@code offset}; left as they are
   * @param vocab V
   * @throws JandaiaException if a logit is NaN or +Infinity, or no token is possible
   */
  public int sample(float[] logits, int offset, int vocab) {
    candidates.load(logits, offset, vocab);
    for (SamplerStep step : steps) {
      step.apply(candidates, history, random);
      if (candidates.size == 0) {
        throw new JandaiaException(
            "sampler step %s: every possible token is banned".formatted(step.name()));
      }
    }
    chosen = chain.choice() == Choice.GREEDY ? candidates.best() : draw(candidates.softmax());
    load = candidates.loads;
    return candidates.ids[chosen];
  }

  private int draw(double total) {
    double target = random.nextDouble() * total;
    double sum = 0;
    int last = 0;
    for (int i = 0; i < candidates.size; i++) {
      double weight = candidates.weights[i];
      sum += weight;
      if (sum > target) {
        return i;
      }
      last = weight > 0 ? i : last;
    }
    return last;
  }

  /**
   * The natural log-probability of the latest choice among the candidates that the chain left, at
   * their final weights. For the model's own, see {@link Logprobs}.
   *
   * @throws IllegalStateException before the first choice, or if another sampler has used the
   *     shared working memory since
   */
  public double chosenLogprob() {
    if (load != candidates.loads || load == 0) {
      throw new IllegalStateException("the latest choice of this sampler is no longer in memory");
    }
    double total = candidates.softmax();
    return Math.log(candidates.weights[chosen] / total);
  }

  /** Remembers a token of the sequence, prompt or completion, for the steps that look back. */
  public void accept(int token) {
    if (token < 0) {
      throw new JandaiaException("accepted token: expected an id of 0 or more, found " + token);
    }
    history.add(token);
  }

  /** Forgets the sequence and starts the random numbers over from the seed. */
  public void reset() {
    history.clear();
    random = new SplitMix64(seed);
    load = 0;
  }

  /**
   * A sampler in the same state that goes its own way; it shares the working memory of this one.
   */
  public Sampler fork() {
    return new Sampler(chain, seed, candidates, history.copy(), random.copy());
  }

  /** The same with other random numbers, so that forks of one prompt differ. */
  public Sampler fork(long seed) {
    return new Sampler(chain, seed, candidates, history.copy(), new SplitMix64(seed));
  }

  /** The chain that this sampler runs. */
  public SamplerChain chain() {
    return chain;
  }
}
