package dev.jandaia.cli;

import dev.jandaia.generate.sample.Dry;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The texts at which DRY lets repetitions end, as tokens. */
final class DryBreakers {
  /** Those of llama.cpp. */
  static final List<String> DEFAULT = List.of("\n", ":", "\"", "*");

  /** A text in front, so that the breaker's tokens are those it has inside a text. */
  private static final String BEFORE = "a";

  private DryBreakers() {}

  /** The chain with the breakers in its DRY step, if it has one that acts. */
  static SamplerChain apply(SamplerChain chain, List<String> texts, Tokenizer tokenizer) {
    Optional<Dry> dry = chain.step(Dry.class).filter(step -> !step.isOff());
    if (dry.isEmpty()) {
      return chain;
    }
    List<List<Integer>> breakers =
        texts.stream()
            .map(text -> tokens(text, tokenizer))
            .filter(tokens -> !tokens.isEmpty())
            .toList();
    return chain.with(dry.get().withBreakers(breakers));
  }

  private static List<Integer> tokens(String text, Tokenizer tokenizer) {
    int[] before = tokenizer.encode(BEFORE);
    int[] both = tokenizer.encode(BEFORE + text);
    int common = Arrays.mismatch(before, both);
    int from = common < 0 ? both.length : common;
    return Arrays.stream(both, from, both.length).boxed().toList();
  }
}
