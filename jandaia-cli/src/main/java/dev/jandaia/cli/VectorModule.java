package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;

/**
 * Brings the incubating Vector API into this JVM without {@code --add-modules}, for which the JDK
 * prints a warning on standard error at every start, in front of our own messages.
 *
 * <p>It asks the JDK's own run-time loader, which maps the module to the boot loader exactly as the
 * option does, so the compiler treats it alike (measured in docs/log.md). That loader is internal:
 * the jar's manifest exports its package to us, and the launcher admits no other JDK than 25. An
 * application that embeds Jandaia uses the option.
 */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Loads the module, unless the JVM was started with it. */
  static void load() {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return;
    }
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
    } catch (ReflectiveOperationException e) {
      throw new JandaiaException(
          "this JVM cannot load the Vector API; start it with --add-modules=" + NAME, e);
    }
  }
}
