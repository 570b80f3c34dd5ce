package dev.jandaia.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The line that {@code jandaia --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = getClass().getPackage().getImplementationVersion();
    return new String[] {
      "jandaia "
          // only the jar's manifest knows the version; classes run from a directory have none
          + Objects.requireNonNullElse(version, "(development)")
          + ", Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
