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
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new Choice(
          Kernels.scalar(),
          "scalar (slow): the module jdk.incubator.vector is missing, start java with"
              + " --add-modules=jdk.incubator.vector");
    }
    return vector("the fastest of this machine");
  }

  private static Choice vector(String why) {
    Kernels kernels = new VectorKernels();
    return new Choice(kernels, kernels.name() + ": " + why);
  }
}
