package dev.jandaia.kernel;

/** Chooses the kernels of this process, once. */
final class KernelSelector {
  /** The kernels, and one line that says why these. */
  record Choice(Kernels kernels, String reason) {}

  static final String PROPERTY = "jandaia.kernels";
  static final Choice CHOICE = choose(System.getProperty(PROPERTY, ""));

  private KernelSelector() {}

  static Choice choose(String wanted) {
    return switch (wanted) {
      case "" -> fastest();
      case "scalar" -> new Choice(Kernels.scalar(), "scalar: asked for by -D" + PROPERTY);
      case "vector" -> vector("asked for by -D" + PROPERTY);
      default ->
          throw new IllegalArgumentException(
              "-D%s: expected scalar or vector, found %s".formatted(PROPERTY, wanted));
    };
  }

  private static Choice fastest() {
    if (!hasVectorApi()) {
      return new Choice(
          Kernels.scalar(),
          "scalar (slow): the module jdk.incubator.vector is missing, start java with"
              + " --add-modules=jdk.incubator.vector");
    }
    return vector("the fastest of this machine");
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

  private static Choice vector(String why) {
    Kernels kernels = new VectorKernels();
    return new Choice(kernels, kernels.name() + ": " + why);
  }
}
