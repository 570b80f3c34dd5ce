package dev.jandaia.cli;

import dev.jandaia.generate.sample.LogitBias;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.generate.sample.SamplerOptions;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How tokens are chosen: the options of llama.cpp, under its names. */
final class SamplingOptions {
  private static final Pattern BIAS = Pattern.compile("(\\d{1,9})=?([+-](?:\\d+(?:\\.\\d+)?|inf))");

  private final Map<String, Double> values = new LinkedHashMap<>();

  @Option(names = "--greedy", description = "Always the most likely token.")
  private boolean greedy;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "N",
      description = "Seed of the random choices; by default another one each time.")
  private Long seed;

  @Option(
      names = "--samplers",
      paramLabel = "NAMES",
      description = "Steps and their order, for instance \"penalties;top_k;top_p;temperature\".")
  private String samplers;

  @Option(names = "--temp", paramLabel = "X", description = "Temperature (0.8; 0 is greedy).")
  void temperature(Double value) {
    put("temperature", value);
  }

  @Option(names = "--top-k", paramLabel = "N", description = "Keep the N likeliest (40; 0 is off).")
  void topK(Double value) {
    put("top_k", value);
  }

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the likeliest that together have probability P (0.95; 1 is off).")
  void topP(Double value) {
    put("top_p", value);
  }

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Keep those at least P times as likely as the likeliest (0.05; 0 is off).")
  void minP(Double value) {
    put("min_p", value);
  }

  @Option(names = "--typical", paramLabel = "P", description = "Locally typical sampling (1: off).")
  void typical(Double value) {
    put("typical_p", value);
  }

  @Option(
      names = "--top-nsigma",
      paramLabel = "X",
      description = "Keep logits within X standard deviations of the largest (-1: off).")
  void topNSigma(Double value) {
    put("top_n_sigma", value);
  }

  @Option(names = "--xtc-probability", paramLabel = "P", description = "How often XTC acts (0).")
  void xtcProbability(Double value) {
    put("xtc_probability", value);
  }

  @Option(
      names = "--xtc-threshold",
      paramLabel = "P",
      description = "XTC removes all tokens above P but the least likely of them (0.1).")
  void xtcThreshold(Double value) {
    put("xtc_threshold", value);
  }

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      description = "Tokens the penalties look back on (64; -1 is all).")
  void repeatLastN(Double value) {
    put("repeat_last_n", value);
  }

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      description = "Divide the logits of repeated tokens (1: off).")
  void repeatPenalty(Double value) {
    put("repeat_penalty", value);
  }

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Subtract from the logits of tokens that occurred (0).")
  void presencePenalty(Double value) {
    put("presence_penalty", value);
  }

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Subtract for every time a token occurred (0).")
  void frequencyPenalty(Double value) {
    put("frequency_penalty", value);
  }

  @Option(
      names = "--dry-multiplier",
      paramLabel = "X",
      description = "Penalty for continuing a repetition (0: off).")
  void dryMultiplier(Double value) {
    put("dry_multiplier", value);
  }

  @Option(names = "--dry-base", paramLabel = "X", description = "How fast it grows (1.75).")
  void dryBase(Double value) {
    put("dry_base", value);
  }

  @Option(
      names = "--dry-allowed-length",
      paramLabel = "N",
      description = "Repetitions that are left alone (2).")
  void dryAllowedLength(Double value) {
    put("dry_allowed_length", value);
  }

  @Option(
      names = "--dry-penalty-last-n",
      paramLabel = "N",
      description = "Tokens it looks back on (-1: all).")
  void dryPenaltyLastN(Double value) {
    put("dry_penalty_last_n", value);
  }

  @Option(
      names = "--dry-sequence-breaker",
      paramLabel = "TEXT",
      description = "Where repetitions end (repeatable; line end, colon, quote and asterisk).")
  private List<String> dryBreakers = DryBreakers.DEFAULT;

  @Option(
      names = {"-l", "--logit-bias"},
      paramLabel = "ID+X",
      description = "Add X to the logit of a token: 15043+1, 29905-inf. Repeatable.")
  private List<String> biases = List.of();

  private void put(String name, Double value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  /** The sampler: these options on top of the model's own preferences. */
  SamplerChain chain(SamplerChain preferred) {
    try {
      return changed(greedy ? SamplerChain.greedy() : preferred);
    } catch (JandaiaException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** As {@link #chain(SamplerChain)}, for a model that knows the tokens of texts. */
  SamplerChain chain(SamplerChain preferred, Tokenizer tokenizer) {
    return DryBreakers.apply(chain(preferred), dryBreakers, tokenizer);
  }

  private SamplerChain changed(SamplerChain preferred) {
    SamplerChain chain = preferred;
    for (Map.Entry<String, Double> value : values.entrySet()) {
      chain = SamplerOptions.set(chain, value.getKey(), value.getValue());
    }
    if (!biases.isEmpty()) {
      chain = chain.with(new LogitBias(biases.stream().map(SamplingOptions::bias).toList()));
    }
    return samplers == null ? chain : chain.ordered(samplers);
  }

  private static LogitBias.Bias bias(String text) {
    Matcher bias = BIAS.matcher(text);
    if (!bias.matches()) {
      throw new JandaiaException(
          "--logit-bias: expected ID+X or ID-X like 15043+1, found \"%s\"".formatted(text));
    }
    float value = Float.parseFloat(bias.group(2).replace("inf", "Infinity"));
    return new LogitBias.Bias(Integer.parseInt(bias.group(1)), value);
  }

  /** The seed asked for, or a random one that is short enough to be typed again. */
  long seed() {
    return seed == null ? ThreadLocalRandom.current().nextLong(1L << 32) : seed;
  }
}
