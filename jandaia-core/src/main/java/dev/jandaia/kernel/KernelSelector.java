package dev.jandaia.kernel;

import dev.jandaia.machinecode.Processor;
import dev.jandaia.tensor.JandaiaException;

/** Chooses the kernels of this process, once. */
final class KernelSelector {
  /** The kernels, and one line that says why these. */
  record Choice(Kernels kernels, String reason) {}

  static final String PROPERTY = "jandaia.kernels";

  private static final String ASKED = "asked for by -D" + PROPERTY;

  private static final String MISSING =
      "the module jdk.incubator.vector is missing, start java with"
          + " --add-modules=jdk.incubator.vector";

  /** What takes activations as they are. */
  static final Choice EXACT = exact(System.getProperty(PROPERTY, ""));

  /** What may round them to be faster. */
  static final Choice FASTEST = choose(System.getProperty(PROPERTY, ""));

  private KernelSelector() {}

  static Choice exact(String wanted) {
    return switch (wanted) {
      case "" -> hasVectorApi() ? vector("the fastest exact ones of this machine") : fastest();
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
          throw new IllegalArgumentException(
              "-D%s: expected scalar, vector or emitted, found %s".formatted(PROPERTY, wanted));
    };
  }

  private static Choice fastest() {
    if (!hasVectorApi()) {
      return new Choice(Kernels.scalar(), "scalar (slow): " + MISSING);
    }
    String why = "the fastest of this machine";
    return Processor.ask().vnni() ? emitted(EmittedKernels.Use.LARGE, why) : vector(why);
  }

  /** The boot layer does not list the module when the command has loaded it after the start. */
  private static boolean hasVectorApi() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The only mention of the vector classes: without the module they are never loaded. */
  private static Choice vector(String why) {
    if (!hasVectorApi()) {
      throw new JandaiaException("-D%s=vector: %s".formatted(PROPERTY, MISSING));
    }
    return chosen(new VectorKernels(), why);
  }

  private static Choice emitted(EmittedKernels.Use use, String why) {
    if (!hasVectorApi()) {
      throw new JandaiaException("-D%s=emitted: %s".formatted(PROPERTY, MISSING));
    }
    if (!Processor.ask().vnni()) {
      throw new JandaiaException(
          "-D%s=emitted: expected an x86-64 processor with AVX-512 VNNI on Linux or macOS"
              .formatted(PROPERTY));
    }
    return chosen(new EmittedKernels(use), why);
  }

  private static Choice chosen(Kernels kernels, String why) {
    return new Choice(kernels, kernels.name() + ": " + why);
  }
}
