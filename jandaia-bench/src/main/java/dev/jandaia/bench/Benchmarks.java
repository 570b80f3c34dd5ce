package dev.jandaia.bench;

import java.io.IOException;
import org.openjdk.jmh.Main;

/**
 * Runs the micro-benchmarks; takes the options of JMH, {@code -h} lists them and {@code -l} lists
 * the benchmarks. Every benchmark states its own JVM options, so that a bare run is a fair run. The
 * parameter {@code kernels} takes every value of the property {@code jandaia.kernels}: {@code -p
 * kernels=emitted}.
 */
public final class Benchmarks {
  /** Every benchmark needs this in its fork. */
  static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

  /** Emitted kernels call machine code, which the JDK wants to be told. */
  static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private Benchmarks() {}

  public static void main(String[] args) throws IOException {
    Main.main(args);
  }
}
