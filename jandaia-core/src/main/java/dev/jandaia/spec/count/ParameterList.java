package dev.jandaia.spec.count;

import dev.jandaia.spec.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects parameters under a common path prefix. */
final class ParameterList {
  private final String prefix;
  private final List<ParameterSpec> parameters;

  ParameterList(String prefix) {
    this(prefix, new ArrayList<>());
  }

  private ParameterList(String prefix, List<ParameterSpec> parameters) {
    this.prefix = prefix;
    this.parameters = parameters;
  }

  /** The same list, entered below {@code path}. */
  ParameterList at(String path) {
    return new ParameterList(prefix + path + ".", parameters);
  }

  void add(String path, Integer... shape) {
    parameters.add(new ParameterSpec(prefix + path, Arrays.asList(shape), true, false));
  }

  /** A vector that is stored with the model but follows no gradient. */
  void addAdjusted(String path, int size) {
    parameters.add(new ParameterSpec(prefix + path, List.of(size), false, false));
  }

  /** A table of whole numbers, which no gradient can move. */
  void addTable(String path, int rows, int cols) {
    parameters.add(new ParameterSpec(prefix + path, List.of(rows, cols), false, false));
  }

  /** A projection from {@code inputs} to {@code outputs} elements. */
  void linear(String path, int outputs, int inputs, boolean bias) {
    add(path + ".weight", outputs, inputs);
    if (bias) {
      add(path + ".bias", outputs);
    }
  }

  /** The weights of a norm, if it has any. */
  void norm(String path, Norm norm, int width) {
    switch (norm) {
      case Norm.None() -> {}
      case Norm.Rms(_, var gain) -> {
        boolean zeroCentred = gain == Norm.Gain.ONE_PLUS_WEIGHT;
        if (gain != Norm.Gain.NONE) {
          parameters.add(
              new ParameterSpec(prefix + path + ".weight", List.of(width), true, zeroCentred));
        }
      }
      case Norm.Layer(_, boolean bias) -> {
        add(path + ".weight", width);
        if (bias) {
          add(path + ".bias", width);
        }
      }
    }
  }

  List<ParameterSpec> parameters() {
    return List.copyOf(parameters);
  }
}
