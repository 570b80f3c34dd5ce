package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the parameters of a model add up, from the very list that loading and training use: {@code A
 * = mixer.query 2,048×2,048 + ... = 60,821,504}.
 */
final class ParameterWorking {
  private final ModelSpec spec;
  private final List<String> lines = new ArrayList<>();
  private final List<String> sum = new ArrayList<>();
  private long total;

  private ParameterWorking(ModelSpec spec) {
    this.spec = spec;
  }

  /**
   * One line for each part of the model that is not a layer and each kind of layer, and the sum.
   */
  static List<String> lines(ModelSpec spec) {
    return new ParameterWorking(spec).lines();
  }

  private List<String> lines() {
    outside().forEach((part, parameters) -> add(part, 1, parameters));
    for (LayerKind kind : LayerKind.of(spec)) {
      String name = "layer " + kind.letter();
      String prefix = "blocks." + kind.first() + ".";
      List<ParameterSpec> parameters = Parameters.ofBlock(spec, kind.first());
      add(name, kind.layers(), collapsed(parameters, prefix));
    }
    lines.add("total = %s = %s".formatted(String.join(" + ", sum), grouped(total)));
    return lines;
  }

  private void add(String part, int times, Map<String, Term> terms) {
    long elements = terms.values().stream().mapToLong(Term::elements).sum();
    if (elements == 0) {
      return;
    }
    String working =
        terms.entrySet().stream()
            .map(term -> term.getKey() + " " + term.getValue())
            .collect(Collectors.joining(" + "));
    lines.add("%s = %s = %s".formatted(part, working, grouped(elements)));
    sum.add((times > 1 ? times + " × " : "") + part);
    total += times * elements;
  }

  /** The parameters outside of the layers, by the first part of their path. */
  private Map<String, Map<String, Term>> outside() {
    Map<String, List<ParameterSpec>> parts = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(spec)) {
      String part = parameter.path().substring(0, parameter.path().indexOf('.'));
      if (!part.equals("blocks")) {
        parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(parameter);
      }
    }
    Map<String, Map<String, Term>> terms = new LinkedHashMap<>();
    parts.forEach((part, parameters) -> terms.put(part, collapsed(parameters, part + ".")));
    return terms;
  }

  /** Terms by path, those of all experts as one. */
  private static Map<String, Term> collapsed(List<ParameterSpec> parameters, String prefix) {
    Map<String, Term> terms = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      if (parameter.learned()) {
        String path =
            parameter
                .path()
                .substring(prefix.length())
                .replaceFirst("\\.weight$", "")
                .replaceAll("\\.\\d+\\.", ".");
        terms.merge(path, new Term(1, parameter.shape()), Term::and);
      }
    }
    return terms;
  }

  /** So many parameters of one shape. */
  private record Term(int times, List<Integer> shape) {
    Term and(Term other) {
      return new Term(times + other.times, shape);
    }

    long elements() {
      return times * shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    @Override
    public String toString() {
      String size = shape.stream().map(length -> grouped(length)).collect(Collectors.joining("×"));
      return times > 1 ? times + "×" + size : size;
    }
  }
}
