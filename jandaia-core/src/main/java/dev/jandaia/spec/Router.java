package dev.jandaia.spec;

import java.util.Optional;

/**
 * How a token chooses its experts: logits = W·x (+ b), then {@code scoring}, selection of the
 * {@code topK} best (within the best groups), and weights.
 *
 * @param topK experts per token
 * @param scoring from logits to weights
 * @param bias whether the router's projection has a bias
 * @param correctionBias whether a per-expert bias is added for selection only, never to the weights
 *     (DeepSeek-V3, 2412.19437)
 * @param groups group-limited selection; {@link Groups#NONE} for none
 * @param renormalise whether the chosen weights are divided by their sum
 * @param scale factor on the final weights
 * @param softCap c of the soft cap c·tanh(z/c) on the logits (Grok 2.5); 0 for none
 * @param inputNorm of what the router reads
 * @param inputScale factor on what the router reads after its norm, or, which is the same, on the
 *     logits before their bias
 * @param expertScale whether each expert has a learned factor on its final weight (Gemma 4)
 * @param tokenTable where experts are looked up by token; empty where the best are chosen
 */
public record Router(
    int topK,
    Scoring scoring,
    boolean bias,
    boolean correctionBias,
    Groups groups,
    boolean renormalise,
    double scale,
    double softCap,
    Norm inputNorm,
    double inputScale,
    boolean expertScale,
    Optional<TokenTable> tokenTable) {

  /** Routing to the best experts. */
  public Router(
      int topK,
      Scoring scoring,
      boolean bias,
      boolean correctionBias,
      Groups groups,
      boolean renormalise,
      double scale,
      double softCap,
      Norm inputNorm,
      double inputScale,
      boolean expertScale) {
    this(
        topK,
        scoring,
        bias,
        correctionBias,
        groups,
        renormalise,
        scale,
        softCap,
        inputNorm,
        inputScale,
        expertScale,
        Optional.empty());
  }

  /** Routing whose logits are not capped, of what the experts read. */
  public Router(
      int topK,
      Scoring scoring,
      boolean bias,
      boolean correctionBias,
      Groups groups,
      boolean renormalise,
      double scale) {
    this(topK, scoring, bias, correctionBias, groups, renormalise, scale, 0);
  }

  /** Routing of what the experts read. */
  public Router(
      int topK,
      Scoring scoring,
      boolean bias,
      boolean correctionBias,
      Groups groups,
      boolean renormalise,
      double scale,
      double softCap) {
    this(
        topK,
        scoring,
        bias,
        correctionBias,
        groups,
        renormalise,
        scale,
        softCap,
        Norm.NONE,
        1,
        false);
  }

  public Router {
    Check.positive("moe.router.topK", topK);
    Check.positive("moe.router.scale", scale);
    Check.notNegative("moe.router.softCap", softCap);
    Check.positive("moe.router.inputScale", inputScale);
    if (bias && inputScale != 1) {
      throw new SpecException("moe.router.inputScale: expected 1 with a bias, found " + inputScale);
    }
    if (tokenTable.isPresent() && (correctionBias || !groups.equals(Groups.NONE))) {
      throw new SpecException(
          "moe.router.tokenTable: expected neither correctionBias nor groups, for nothing is"
              + " chosen");
    }
  }

  /** This router with experts that are looked up; scores only weigh them. */
  public Router withTokenTable(TokenTable table) {
    return new Router(
        topK,
        scoring,
        bias,
        false,
        Groups.NONE,
        renormalise,
        scale,
        softCap,
        inputNorm,
        inputScale,
        expertScale,
        Optional.of(table));
  }

  /**
   * The experts of every token, stored with the model (hash routing, 2106.04426): who is chosen
   * depends on the token's id alone.
   *
   * @param vocabSize rows of the table, each of topK experts
   */
  public record TokenTable(int vocabSize) {
    public TokenTable {
      Check.positive("moe.router.tokenTable.vocabSize", vocabSize);
    }
  }

  /** From logits to weights. */
  public enum Scoring {
    /** softmax over all experts, then the best of them. */
    SOFTMAX,
    /** The best logits first, then softmax over those (gpt-oss). */
    SOFTMAX_OF_CHOSEN,
    /** σ of each logit alone. */
    SIGMOID,
    /** √softplus of each logit alone, softplus(z) = ln(1 + exp(z)) (DeepSeek-V4). */
    SQRT_SOFTPLUS
  }

  /**
   * Experts form {@code count} groups of neighbours and only those of the best {@code keep} groups
   * can be chosen.
   *
   * @param count number of groups; 1 for no groups
   * @param keep groups kept
   * @param score how a group is judged
   */
  public record Groups(int count, int keep, GroupScore score) {
    public static final Groups NONE = new Groups(1, 1, GroupScore.MAX);

    public Groups {
      Check.positive("moe.router.groups.count", count);
      Check.positive("moe.router.groups.keep", keep);
      Check.atMost("moe.router.groups.keep", keep, "moe.router.groups.count", count);
    }
  }

  /** How a group of experts is judged. */
  public enum GroupScore {
    /** By its best expert (DeepSeek-V2). */
    MAX,
    /** By the sum of its two best (DeepSeek-V3). */
    TOP_TWO
  }
}
