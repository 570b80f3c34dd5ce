package dev.jandaia.bench;

import java.io.IOException;
import org.openjdk.jmh.Main;

/**
 * Runs the micro-benchmarks; takes the options of JMH, {@code -h} lists them and {@code -l} lists
 * the benchmarks. Every benchmark states its own JVM options, so that a bare run is a fair run.
 */
public final class Benchmarks {
  /** The options that every benchmark needs in its fork. */
  static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

  private Benchmarks() {}

  public static void main(String[] args) throws IOException {
    Main.main(args);
  }
}
