package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What happens between logits and token: the steps in the order in which they apply, then the
 * choice. Immutable; steps that are off may be part of it, and keep their place in the order.
 *
 * @param steps at most one of each name
 */
public record SamplerChain(List<SamplerStep> steps, Choice choice) {
  /** The order and the defaults of llama-server, with logit biases before everything else. */
  public static final SamplerChain DEFAULT =
      new SamplerChain(
          List.of(
              LogitBias.NONE,
              new Penalties(64, 1f, 0f, 0f),
              new Dry(0f, 1.75f, 2, -1, List.of()),
              new TopNSigma(-1f),
              new TopK(40),
              new Typical(1f),
              new TopP(0.95f),
              new MinP(0.05f),
              new Xtc(0f, 0.1f),
              new Temperature(0.8f)),
          Choice.DRAW);

  private static final SamplerChain GREEDY = new SamplerChain(List.of(), Choice.GREEDY);

  public SamplerChain {
    steps = List.copyOf(steps);
    List<String> names = steps.stream().map(SamplerStep::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new JandaiaException("sampler chain: expected each step once, found " + names);
    }
  }

  /** A chain of these steps in this order that ends in a random draw. */
  public static SamplerChain of(SamplerStep... steps) {
    return new SamplerChain(List.of(steps), Choice.DRAW);
  }

  /** Always the largest logit. */
  public static SamplerChain greedy() {
    return GREEDY;
  }

  /**
   * Plain sampling from {@code softmax(logits / temperature)}, as reinforcement learning needs it.
   */
  public static SamplerChain temperature(float temperature) {
    return of(new Temperature(temperature));
  }

  /** The step of this type, if the chain has one. */
  public <S extends SamplerStep> Optional<S> step(Class<S> type) {
    return steps.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /**
   * This chain with one step replaced in its place. A step that the chain lacks is put where {@link
   * #DEFAULT} has it: before the first step that comes later there.
   */
  public SamplerChain with(SamplerStep step) {
    List<SamplerStep> changed = new ArrayList<>(steps);
    List<String> names = steps.stream().map(SamplerStep::name).toList();
    int place = names.indexOf(step.name());
    if (place >= 0) {
      changed.set(place, step);
    } else {
      changed.add(defaultPlace(step), step);
    }
    return new SamplerChain(changed, choice);
  }

  private int defaultPlace(SamplerStep step) {
    List<String> order = DEFAULT.steps.stream().map(SamplerStep::name).toList();
    int rank = order.indexOf(step.name());
    int place = 0;
    while (place < steps.size() && order.indexOf(steps.get(place).name()) < rank) {
      place++;
    }
    return place;
  }

  /** This chain with another ending. */
  public SamplerChain with(Choice choice) {
    return new SamplerChain(steps, choice);
  }

  /**
   * The steps named, in the order named and separated by semicolons, such as {@code
   * penalties;top_k;temperature}. Steps not named are dropped, except logit biases, which then come
   * first; steps that the chain lacks have their defaults.
   *
   * @throws JandaiaException if a name is unknown or appears twice
   */
  public SamplerChain ordered(String names) {
    List<SamplerStep> ordered = new ArrayList<>();
    for (String name : names.split(";")) {
      ordered.add(named(name.strip()));
    }
    step(LogitBias.class).filter(bias -> !ordered.contains(bias)).ifPresent(ordered::addFirst);
    return new SamplerChain(ordered, choice);
  }

  private SamplerStep named(String name) {
    for (SamplerChain chain : List.of(this, DEFAULT)) {
      for (SamplerStep step : chain.steps) {
        if (step.name().equals(name)) {
          return step;
        }
      }
    }
    throw new JandaiaException(
        "samplers: expected names among %s, found \"%s\""
            .formatted(
                Arrays.toString(DEFAULT.steps.stream().map(SamplerStep::name).toArray()), name));
  }
}
