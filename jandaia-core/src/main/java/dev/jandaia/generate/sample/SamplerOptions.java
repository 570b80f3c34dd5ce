package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * The names that command lines, servers and {@code generation_config.json} give to sampler
 * parameters.
 */
public final class SamplerOptions {
  private static final Map<String, BiFunction<SamplerChain, Double, SamplerChain>> SETTERS =
      Map.ofEntries(
          Map.entry("temperature", (chain, v) -> chain.with(new Temperature(number(v)))),
          Map.entry("top_k", (chain, v) -> chain.with(new TopK(integer("top_k", v)))),
          Map.entry("top_p", (chain, v) -> chain.with(new TopP(number(v)))),
          Map.entry("min_p", (chain, v) -> chain.with(new MinP(number(v)))),
          Map.entry("typical_p", (chain, v) -> chain.with(new Typical(number(v)))),
          Map.entry("top_n_sigma", (chain, v) -> chain.with(new TopNSigma(number(v)))),
          Map.entry(
              "xtc_probability",
              (chain, v) -> chain.with(new Xtc(number(v), current(Xtc.class, chain).threshold()))),
          Map.entry(
              "xtc_threshold",
              (chain, v) ->
                  chain.with(new Xtc(current(Xtc.class, chain).probability(), number(v)))),
          Map.entry("repeat_penalty", SamplerOptions::repeat),
          Map.entry("repetition_penalty", SamplerOptions::repeat),
          Map.entry(
              "frequency_penalty",
              (chain, v) -> {
                Penalties p = current(Penalties.class, chain);
                return chain.with(new Penalties(p.lastN(), p.repeat(), number(v), p.presence()));
              }),
          Map.entry(
              "presence_penalty",
              (chain, v) -> {
                Penalties p = current(Penalties.class, chain);
                return chain.with(new Penalties(p.lastN(), p.repeat(), p.frequency(), number(v)));
              }),
          Map.entry(
              "repeat_last_n",
              (chain, v) -> {
                Penalties p = current(Penalties.class, chain);
                int lastN = integer("repeat_last_n", v);
                return chain.with(new Penalties(lastN, p.repeat(), p.frequency(), p.presence()));
              }),
          Map.entry(
              "dry_multiplier",
              (chain, v) -> {
                Dry d = current(Dry.class, chain);
                return chain.with(
                    new Dry(number(v), d.base(), d.allowedLength(), d.lastN(), d.breakers()));
              }),
          Map.entry(
              "dry_base",
              (chain, v) -> {
                Dry d = current(Dry.class, chain);
                return chain.with(
                    new Dry(d.multiplier(), number(v), d.allowedLength(), d.lastN(), d.breakers()));
              }),
          Map.entry(
              "dry_allowed_length",
              (chain, v) -> {
                Dry d = current(Dry.class, chain);
                int length = integer("dry_allowed_length", v);
                return chain.with(
                    new Dry(d.multiplier(), d.base(), length, d.lastN(), d.breakers()));
              }),
          Map.entry(
              "dry_penalty_last_n",
              (chain, v) -> {
                Dry d = current(Dry.class, chain);
                int lastN = integer("dry_penalty_last_n", v);
                return chain.with(
                    new Dry(d.multiplier(), d.base(), d.allowedLength(), lastN, d.breakers()));
              }));

  private SamplerOptions() {}

  /** The names that {@link #set} knows, sorted. */
  public static List<String> names() {
    return List.copyOf(new TreeMap<>(SETTERS).keySet());
  }

  /**
   * The chain with one parameter changed.
   *
   * @param name one of {@link #names}; dashes may stand for underscores
   * @throws JandaiaException if the name is unknown or the value is out of range
   */
  public static SamplerChain set(SamplerChain chain, String name, double value) {
    String key = name.toLowerCase(Locale.ROOT).replace('-', '_');
    BiFunction<SamplerChain, Double, SamplerChain> setter = SETTERS.get(key);
    if (setter == null) {
      throw new JandaiaException(
          "sampler option \"%s\": expected one of %s".formatted(name, names()));
    }
    return setter.apply(chain, value);
  }

  /**
   * The chain with the sampling parameters of a model's {@code generation_config.json}. Keys that
   * are no sampler parameters are for others to read; {@code do_sample: false} makes the choice
   * greedy.
   *
   * @throws JandaiaException if a parameter is not a number or is out of range
   */
  public static SamplerChain fromGenerationConfig(JsonNode config, SamplerChain defaults) {
    SamplerChain chain = defaults;
    for (String name : names()) {
      JsonNode value = config.path(name);
      if (value.isMissingNode() || value.isNull()) {
        continue;
      }
      if (!value.isNumber()) {
        throw new JandaiaException(
            "generation_config.json: %s: expected a number, found %s".formatted(name, value));
      }
      chain = set(chain, name, value.asDouble());
    }
    JsonNode doSample = config.path("do_sample");
    boolean greedy = doSample.isBoolean() && !doSample.asBoolean();
    return greedy ? chain.with(Choice.GREEDY) : chain;
  }

  private static SamplerChain repeat(SamplerChain chain, double value) {
    Penalties p = current(Penalties.class, chain);
    return chain.with(new Penalties(p.lastN(), number(value), p.frequency(), p.presence()));
  }

  private static <S extends SamplerStep> S current(Class<S> type, SamplerChain chain) {
    return chain.step(type).or(() -> SamplerChain.DEFAULT.step(type)).orElseThrow();
  }

  private static float number(double value) {
    return (float) value;
  }

  private static int integer(String name, double value) {
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new JandaiaException("%s: expected an integer, found %s".formatted(name, value));
    }
    return (int) value;
  }
}
