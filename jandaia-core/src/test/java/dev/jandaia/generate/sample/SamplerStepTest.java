package dev.jandaia.generate.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.generate.sample.NaiveSteps.Token;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each step against its naive twin, on random logits of awkward sizes and on ties. */
class SamplerStepTest {
  private static final int[] SIZES = {1, 2, 3, 31, 32, 33, 257, 5000, 50_257};
  private static final SplitMix64 RANDOM = new SplitMix64(1);

  @Test
  void temperatureMatchesReference() {
    for (float t : new float[] {0.1f, 0.8f, 1.7f, 100f}) {
      compare(new Temperature(t), tokens -> NaiveSteps.temperature(tokens, t));
    }
  }

  @Test
  void topKMatchesReference() {
    for (int k : new int[] {1, 2, 40, 300, 1_000_000}) {
      compare(new TopK(k), tokens -> NaiveSteps.topK(tokens, k));
    }
  }

  @Test
  void topPMatchesReference() {
    for (float p : new float[] {0f, 0.1f, 0.5f, 0.9f, 0.95f, 0.999f}) {
      compare(new TopP(p), tokens -> NaiveSteps.topP(tokens, p));
    }
  }

  @Test
  void minPMatchesReference() {
    for (float p : new float[] {0.001f, 0.05f, 0.5f, 1f}) {
      compare(new MinP(p), tokens -> NaiveSteps.minP(tokens, p));
    }
  }

  @Test
  void topNSigmaMatchesReference() {
    for (float n : new float[] {0.1f, 1f, 2.5f}) {
      compare(new TopNSigma(n), tokens -> NaiveSteps.topNSigma(tokens, n));
    }
  }

  @Test
  void typicalMatchesReference() {
    for (float p : new float[] {0f, 0.2f, 0.7f, 0.95f}) {
      compare(new Typical(p), tokens -> NaiveSteps.typical(tokens, p));
    }
  }

  @Test
  void xtcMatchesReference() {
    for (float threshold : new float[] {0f, 0.01f, 0.1f, 0.5f}) {
      compare(
          new Xtc(1f, threshold),
          tokens -> tokens.size() < 2 ? tokens : NaiveSteps.xtc(tokens, threshold));
    }
  }

  @Test
  void penaltiesMatchReference() {
    Random random = new Random(5);
    for (int lastN : new int[] {-1, 1, 7, 64}) {
      List<Integer> seen = text(random, 200, 40);
      Penalties step = new Penalties(lastN, 1.3f, 0.4f, -0.2f);
      compare(step, seen, tokens -> NaiveSteps.penalties(tokens, seen, step));
    }
  }

  @Test
  void dryMatchesReferenceOnRepetitiveText() {
    Random random = new Random(6);
    for (int round = 0; round < 200; round++) {
      List<Integer> seen = text(random, random.nextInt(120), 2 + random.nextInt(5));
      int lastN = random.nextBoolean() ? -1 : 1 + random.nextInt(100);
      List<List<Integer>> breakers =
          List.of(List.of(4), List.of(3, 2), List.of(3, 2, 1), List.of(0, 0)).subList(0, round % 5);
      Dry step = new Dry(0.8f, 1.75f, random.nextInt(4), lastN, breakers);
      compareOne(step, seen, normal(64, random), t -> NaiveSteps.dry(t, seen, step));
    }
  }

  @Test
  void dryPenalisesTheTokenThatWouldContinueTheRepetition() {
    Dry step = new Dry(1f, 2f, 2, -1, List.of());
    // "1 2 3 4 ... 1 2 3": 4 would make a repetition of three tokens longer.
    List<Token> after = run(step, List.of(1, 2, 3, 4, 9, 1, 2, 3), new float[10]);
    assertEquals(-2.0, after.get(4).logit());
    assertEquals(0.0, after.get(5).logit());
    // With a breaker between, only the tokens after it count.
    List<Token> broken =
        run(step.withBreakers(List.of(List.of(2))), List.of(1, 2, 3, 4, 9, 1, 2, 3), new float[10]);
    assertEquals(0.0, broken.get(4).logit());
  }

  @Test
  void logitBiasAddsAndBans() {
    LogitBias step =
        LogitBias.of(Map.of(1, 2.5f, 3, Float.NEGATIVE_INFINITY, 99, 1f, 0, -Float.MAX_VALUE));
    List<Token> after = run(step, List.of(), new float[] {-Float.MAX_VALUE, 1, 2, 3, 4});
    assertEquals(
        List.of(
            new Token(0, -Float.MAX_VALUE), new Token(1, 3.5), new Token(2, 2), new Token(4, 4)),
        after);
  }

  @Test
  void equalLogitsKeepTheLowerIds() {
    float[] equal = new float[1000];
    assertEquals(List.of(0, 1, 2), ids(run(new TopK(3), List.of(), equal)));
    assertEquals(List.of(0, 1, 2, 3, 4), ids(run(new TopP(0.005f), List.of(), equal)));
    assertEquals(1000, run(new MinP(1f), List.of(), equal).size());
    float[] zeros = {-0f, 0f, -0f};
    assertEquals(List.of(0, 1), ids(run(new TopK(2), List.of(), zeros)));
  }

  @Test
  void extremeLogitsStayFinite() {
    float[] extreme = {Float.MAX_VALUE, -Float.MAX_VALUE, 0, Float.NEGATIVE_INFINITY};
    List<SamplerStep> steps =
        List.of(
            new Temperature(1e-30f),
            new Temperature(0f),
            new Typical(0.5f),
            new TopNSigma(1f),
            new TopP(0.5f),
            new Penalties(-1, 1e6f, 1e6f, 1e6f),
            new Dry(Float.MAX_VALUE, Float.MAX_VALUE, 0, -1, List.of()));
    for (SamplerStep step : steps) {
      List<Token> after = run(step, List.of(0, 1, 0, 1, 0), extreme);
      assertTrue(after.stream().allMatch(t -> Double.isFinite(t.logit())), step + " " + after);
      assertTrue(!after.isEmpty() && after.size() < 4, step + " " + after);
    }
  }

  @Test
  void badParametersNameTheFieldAndTheValue() {
    assertMessage("temperature: expected a value in [0.0, 3.4", () -> new Temperature(-1f));
    assertMessage(
        "temperature: expected a finite value, found NaN", () -> new Temperature(Float.NaN));
    assertMessage("top_k: expected a value of 0 or more, found -3", () -> new TopK(-3));
    assertMessage("top_p: expected a value in [0.0, 1.0], found 1.5", () -> new TopP(1.5f));
    assertMessage("min_p: expected a value in [0.0, 1.0], found NaN", () -> new MinP(Float.NaN));
    assertMessage("typical_p", () -> new Typical(-0.1f));
    assertMessage("top_n_sigma", () -> new TopNSigma(Float.POSITIVE_INFINITY));
    assertMessage("xtc_probability", () -> new Xtc(2f, 0.1f));
    assertMessage("xtc_threshold", () -> new Xtc(1f, -0.1f));
    assertMessage("repeat_penalty", () -> new Penalties(64, 0f, 0f, 0f));
    assertMessage("repeat_last_n", () -> new Penalties(-2, 1f, 0f, 0f));
    assertMessage("frequency_penalty", () -> new Penalties(64, 1f, Float.NaN, 0f));
    assertMessage("dry_base", () -> new Dry(1f, 0.5f, 2, -1, List.of()));
    assertMessage("dry_allowed_length", () -> new Dry(1f, 2f, -1, -1, List.of()));
    assertMessage("an empty one", () -> new Dry(1f, 2f, 2, -1, List.of(List.of())));
    assertMessage("logit_bias of token 3", () -> new LogitBias.Bias(3, Float.NaN));
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(JandaiaException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void compare(SamplerStep step, UnaryOperator<List<Token>> reference) {
    compare(step, List.of(), reference);
  }

  private static void compare(
      SamplerStep step, List<Integer> seen, UnaryOperator<List<Token>> reference) {
    Random random = new Random(step.hashCode());
    for (int size : SIZES) {
      compareOne(step, seen, normal(size, random), reference);
    }
    float[] coarse = normal(700, random);
    for (int i = 0; i < coarse.length; i++) {
      coarse[i] = Math.round(coarse[i]);
    }
    if (!(step instanceof Typical)) { // ties of rounded surprises are nobody's specification
      compareOne(step, seen, coarse, reference);
    }
  }

  private static void compareOne(
      SamplerStep step, List<Integer> seen, float[] logits, UnaryOperator<List<Token>> reference) {
    List<Token> expected = byId(reference.apply(NaiveSteps.tokens(logits)));
    List<Token> actual = byId(run(step, seen, logits));
    String where = step + " on " + logits.length;
    assertEquals(ids(expected), ids(actual), where);
    for (int i = 0; i < expected.size(); i++) {
      double logit = expected.get(i).logit();
      assertEquals(logit, actual.get(i).logit(), 1e-6 * (1 + Math.abs(logit)), where);
    }
  }

  private static List<Token> run(SamplerStep step, List<Integer> seen, float[] logits) {
    Candidates candidates = new Candidates();
    candidates.load(logits, 0, logits.length);
    TokenHistory history = new TokenHistory(-1);
    seen.forEach(history::add);
    step.apply(candidates, history, RANDOM);
    for (int mark : candidates.marks) {
      assertEquals(0, mark, "marks are left clean");
    }
    List<Token> result = new ArrayList<>();
    for (int i = 0; i < candidates.size; i++) {
      result.add(new Token(candidates.ids[i], candidates.logits[i]));
    }
    return result;
  }

  private static List<Token> byId(List<Token> tokens) {
    return tokens.stream().sorted(Comparator.comparingInt(Token::id)).toList();
  }

  private static List<Integer> ids(List<Token> tokens) {
    return tokens.stream().map(Token::id).toList();
  }

  private static float[] normal(int size, Random random) {
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  private static List<Integer> text(Random random, int length, int distinct) {
    return random.ints(length, 0, distinct).boxed().toList();
  }
}
