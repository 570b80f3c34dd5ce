package dev.jandaia.kernel;

import dev.jandaia.tensor.JandaiaException;

/**
 * The JDK's incubating Vector API, brought into this JVM when kernels first need it: machine code
 * does without, and a start is shorter so. Nothing else may name classes that use it.
 *
 * <p>Where the JVM was not started with {@code --add-modules}, for which the JDK prints a warning
 * on standard error, the JDK's own run-time loader is asked, which maps the module to the boot
 * loader exactly as the option does, so the compiler treats it alike (measured in docs/log.md).
 * That loader is internal: it can be asked where the manifest of the started jar exports its
 * package. An application that embeds Jandaia uses the option.
 */
final class VectorApi {
  static final String NAME = "jdk.incubator.vector";

  static final String MISSING =
      "the module %s is missing, start java with --add-modules=%s".formatted(NAME, NAME);

  private VectorApi() {}

  /** The kernels on it that take activations as they are. */
  static VectorKernels exact() {
    return loaded().exact;
  }

  /** Those that may round activations. */
  static VectorKernels fastest() {
    return loaded().fastest;
  }

  private static Loaded loaded() {
    if (!isPresent()) {
      throw new JandaiaException(MISSING);
    }
    return Loaded.INSTANCE;
  }

  static boolean isPresent() {
    return Presence.FOUND;
  }

  private static final class Loaded {
    static final Loaded INSTANCE = new Loaded();

    final VectorKernels exact = new VectorKernels(VectorProducts.EXACT);
    final VectorKernels fastest = new VectorKernels(VectorProducts.ROUNDED);
  }

  private static final class Presence {
    static final boolean FOUND = isVisible() || load();

    /** The boot layer does not list the module when it was loaded after the start. */
    private static boolean isVisible() {
      try {
        Class.forName(NAME + ".FloatVector", false, null);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    private static boolean load() {
      try {
        Class.forName("jdk.internal.module.Modules")
            .getMethod("loadModule", String.class)
            .invoke(null, NAME);
        return isVisible();
      } catch (ReflectiveOperationException notExported) {
        return false;
      }
    }
  }
}
