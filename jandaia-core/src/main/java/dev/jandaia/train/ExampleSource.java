package dev.jandaia.train;

import java.util.random.RandomGenerator;

/** Where a training run gets its examples; whatever it draws, it draws from {@code random}. */
@FunctionalInterface
public interface ExampleSource {
  Example next(RandomGenerator random);
}
