package dev.jandaia.kernel;

import dev.jandaia.tensor.JandaiaException;
import java.util.function.Function;

/** Chooses the kernels of this process, once. */
final class KernelSelector {
  /** The kernels, and one line that says why these. */
  record Choice(Kernels kernels, String reason) {}

  static final String PROPERTY = "jandaia.kernels";

  private static final String NO_MACHINE_CODE =
      "-D%s=emitted: expected an x86-64 processor with AVX2, on Linux or macOS".formatted(PROPERTY);

  private static final String ASKED = "asked for by -D" + PROPERTY;

  private KernelSelector() {}

  /** What takes activations as they are. */
  static final Chosen EXACT = new Chosen(KernelSelector::exact);

  /** What may round them to be faster. */
  static final Chosen FASTEST = new Chosen(KernelSelector::choose);

  /** A choice that is made when it is asked for. */
  static final class Chosen {
    private final Function<String, Choice> rule;
    private Choice choice;

    private Chosen(Function<String, Choice> rule) {
      this.rule = rule;
    }

    /**
     * The choice.
     *
     * @throws JandaiaException if the property asks for what is not there
     */
    synchronized Choice get() {
      if (choice == null) {
        choice = rule.apply(System.getProperty(PROPERTY, ""));
      }
      return choice;
    }
  }

  static Choice exact(String wanted) {
    return switch (wanted) {
      case "" ->
          VectorApi.isPresent() ? exactVector("the fastest exact ones of this machine") : fastest();
      case "vector" -> exactVector("exact, " + ASKED);
      case "emitted" -> emitted(EmittedKernels.Use.EXACT, "exact, " + ASKED);
      default -> choose(wanted);
    };
  }

  static Choice choose(String wanted) {
    return switch (wanted) {
      case "" -> fastest();
      case "scalar" -> new Choice(Kernels.scalar(), "scalar: " + ASKED);
      case "vector" -> vector(ASKED);
      case "emitted" -> emitted(EmittedKernels.Use.ALL, "for all weights, " + ASKED);
      default ->
          throw new JandaiaException(
              "-D%s: expected scalar, vector or emitted, found %s".formatted(PROPERTY, wanted));
    };
  }

  private static Choice fastest() {
    String why = "the fastest of this machine";
    return EmittedFloats.ofThisProcessor()
        .map(floats -> chosen(new EmittedKernels(EmittedKernels.Use.LARGE, floats), why))
        .orElseGet(() -> withoutMachineCode(why));
  }

  private static Choice withoutMachineCode(String why) {
    return VectorApi.isPresent()
        ? vector(why)
        : new Choice(Kernels.scalar(), "scalar (slow): " + VectorApi.MISSING);
  }

  private static Choice vector(String why) {
    needVectorApi();
    return chosen(VectorApi.fastest(), why);
  }

  private static Choice exactVector(String why) {
    needVectorApi();
    return chosen(VectorApi.exact(), why);
  }

  private static void needVectorApi() {
    if (!VectorApi.isPresent()) {
      throw new JandaiaException("-D%s=vector: %s".formatted(PROPERTY, VectorApi.MISSING));
    }
  }

  private static Choice emitted(EmittedKernels.Use use, String why) {
    EmittedFloats floats =
        EmittedFloats.ofThisProcessor().orElseThrow(() -> new JandaiaException(NO_MACHINE_CODE));
    return chosen(new EmittedKernels(use, floats), why);
  }

  private static Choice chosen(Kernels kernels, String why) {
    return new Choice(kernels, kernels.name() + ": " + why);
  }
}
