package dev.jandaia.generate.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.jandaia.tensor.JandaiaException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final SamplerChain PLAIN = SamplerChain.of();

  @Test
  void drawFollowsTheSoftmax() {
    float[] logits = {0.5f, -1f, 2f, 1.2f, -3f, 0f, 0.9f, 1.9f};
    int draws = 200_000;
    long[] counts = new long[logits.length];
    Sampler sampler = new Sampler(PLAIN, 42);
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits, 0, logits.length)]++;
    }
    double[] expected = NaiveSteps.softmax(NaiveSteps.tokens(logits));
    double chiSquare = 0;
    for (int i = 0; i < counts.length; i++) {
      double mean = expected[i] * draws;
      chiSquare += (counts[i] - mean) * (counts[i] - mean) / mean;
    }
    // 99.9% quantile of chi-square with 7 degrees of freedom
    assertTrue(chiSquare < 24.32, "chi-square " + chiSquare + " " + Arrays.toString(counts));
  }

  @Test
  void xtcExcludesAsOftenAsAsked() {
    float[] logits = {1f, 1f};
    Sampler sampler = new Sampler(new SamplerChain(List.of(new Xtc(0.3f, 0.1f)), Choice.GREEDY), 7);
    int excluded = 0;
    for (int i = 0; i < 10_000; i++) {
      excluded += sampler.sample(logits, 0, 2);
    }
    assertEquals(3000, excluded, 4 * Math.sqrt(10_000 * 0.3 * 0.7));
  }

  @Test
  void sameSeedReproducesAndOthersDiffer() {
    int[] first = generate(new Sampler(SamplerChain.DEFAULT, 5));
    assertEquals(
        Arrays.toString(first), Arrays.toString(generate(new Sampler(SamplerChain.DEFAULT, 5))));
    assertNotEquals(
        Arrays.toString(first), Arrays.toString(generate(new Sampler(SamplerChain.DEFAULT, 6))));
  }

  @Test
  void resetStartsOver() {
    Sampler sampler = new Sampler(withMemory(), 5);
    int[] first = generate(sampler);
    sampler.reset();
    assertEquals(Arrays.toString(first), Arrays.toString(generate(sampler)));
  }

  @Test
  void forkContinuesAsTheOriginalWould() {
    Sampler original = new Sampler(withMemory(), 5);
    generate(original);
    Sampler fork = original.fork();
    Sampler other = original.fork(99);
    int[] continued = generate(original);
    assertEquals(Arrays.toString(continued), Arrays.toString(generate(fork)));
    assertNotEquals(Arrays.toString(continued), Arrays.toString(generate(other)));
  }

  @Test
  void greedyTakesTheFirstOfTheLargest() {
    Sampler sampler = new Sampler(SamplerChain.greedy(), 0);
    assertEquals(1, sampler.sample(new float[] {0, 3, 3, -1}, 0, 4));
    assertEquals(0, sampler.sample(new float[] {9, 0, 3, 3, -1}, 1, 1));
  }

  @Test
  void offsetSelectsARowAndLogitsStayAsTheyAre() {
    float[] rows = {9, 9, 9, 0, 5, 1};
    float[] before = rows.clone();
    assertEquals(
        1, new Sampler(SamplerChain.DEFAULT.with(new Temperature(0)), 0).sample(rows, 3, 3));
    assertEquals(Arrays.toString(before), Arrays.toString(rows));
  }

  @Test
  void logprobIsOfTheFinalCandidates() {
    float[] logits = {1f, 2f, 3f, 4f};
    Sampler sampler = new Sampler(SamplerChain.of(new TopK(2)).with(Choice.GREEDY), 0);
    assertThrows(IllegalStateException.class, sampler::chosenLogprob);
    assertEquals(3, sampler.sample(logits, 0, 4));
    assertEquals(-Math.log(1 + Math.exp(-1)), sampler.chosenLogprob(), 1e-12);
    sampler.fork().sample(logits, 0, 4);
    assertThrows(IllegalStateException.class, sampler::chosenLogprob);
    double all = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3) + Math.exp(4));
    assertEquals(4 - all, Logprobs.of(logits, 0, 4, 3), 1e-12);
  }

  @Test
  void orderOfStepsMatters() {
    // Top-p before a high temperature sees a peaked distribution, after it a flat one.
    float[] logits = {4f, 2f, 1f, 0f, -1f, -2f};
    SamplerChain sharp = SamplerChain.of(new TopP(0.8f), new Temperature(10f));
    SamplerChain flat = SamplerChain.of(new Temperature(10f), new TopP(0.8f));
    assertEquals(1, distinctChoices(sharp, logits));
    assertEquals(5, distinctChoices(flat, logits));
  }

  @Test
  void impossibleLogitsAreRefusedWithAClearError() {
    Sampler sampler = new Sampler(SamplerChain.DEFAULT, 0);
    assertMessage(
        "found NaN for token 1 of 3", () -> sampler.sample(new float[] {0, Float.NaN, 0}, 0, 3));
    assertMessage(
        "found Infinity for token 2 of 3",
        () -> sampler.sample(new float[] {0, 0, Float.POSITIVE_INFINITY}, 0, 3));
    float[] none = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
    assertMessage("all 2 are -Infinity", () -> sampler.sample(none, 0, 2));
    SamplerChain ban = SamplerChain.of(LogitBias.of(Map.of(0, Float.NEGATIVE_INFINITY)));
    assertMessage(
        "logit_bias: every possible token is banned",
        () -> new Sampler(ban, 0).sample(new float[] {1, Float.NEGATIVE_INFINITY}, 0, 2));
    assertMessage("accepted token", () -> sampler.accept(-1));
  }

  @Test
  void steadyStateAllocatesNothing() {
    int vocab = 262_144;
    SamplerChain chain =
        SamplerChain.DEFAULT
            .with(LogitBias.of(Map.of(3, 1f, 70_000, Float.NEGATIVE_INFINITY)))
            .with(new Penalties(64, 1.1f, 0.1f, 0.1f))
            .with(new Dry(0.8f, 1.75f, 2, 128, List.of(List.of(5), List.of(6, 7))))
            .with(new TopNSigma(6f))
            .with(new Typical(0.9f))
            .with(new Xtc(0.5f, 0.1f));
    Random random = new Random(3);
    float[] logits = new float[vocab + 1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    for (SamplerChain tested : List.of(chain, SamplerChain.of(new Typical(0.9f), new TopP(0.9f)))) {
      Sampler sampler = new Sampler(tested, 1);
      step(sampler, logits, vocab, 40);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long id = Thread.currentThread().threadId();
      threads.getThreadAllocatedBytes(id);
      long before = threads.getThreadAllocatedBytes(id);
      step(sampler, logits, vocab, 20);
      long perToken = (threads.getThreadAllocatedBytes(id) - before) / 20;
      assertEquals(0, perToken, "bytes per token");
    }
  }

  private static void step(Sampler sampler, float[] logits, int vocab, int tokens) {
    for (int i = 0; i < tokens; i++) {
      sampler.accept(sampler.sample(logits, i % 1000, vocab));
    }
  }

  private static SamplerChain withMemory() {
    return SamplerChain.DEFAULT
        .with(new Penalties(8, 1.5f, 0.5f, 0.5f))
        .with(new Dry(1f, 2f, 1, -1, List.of()));
  }

  private static int[] generate(Sampler sampler) {
    Random random = new Random(17);
    int[] tokens = new int[400];
    float[] logits = new float[50];
    for (int i = 0; i < tokens.length; i++) {
      for (int j = 0; j < logits.length; j++) {
        logits[j] = (float) random.nextGaussian();
      }
      tokens[i] = sampler.sample(logits, 0, logits.length);
      sampler.accept(tokens[i]);
    }
    return tokens;
  }

  private static long distinctChoices(SamplerChain chain, float[] logits) {
    Sampler sampler = new Sampler(chain, 1);
    return IntStream.range(0, 2000)
        .map(i -> sampler.sample(logits, 0, logits.length))
        .distinct()
        .count();
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(JandaiaException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
