package dev.jandaia.train;

import dev.jandaia.tensor.JandaiaException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The course of a run as CSV, one line every few steps; a continued run appends to its file. The
 * loss of a line is the mean since the line before.
 */
public final class LossCurve implements TrainingRun.Listener, AutoCloseable {
  private static final String HEADER = "step,loss,learning_rate,gradient_norm,tokens_per_second\n";

  private final Path file;
  private final BufferedWriter out;
  private final int stepsPerLine;
  private double lossSum;
  private long tokens;
  private long nanos;
  private int steps;

  public LossCurve(Path file, int stepsPerLine) {
    this.file = file;
    this.stepsPerLine = stepsPerLine;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      boolean isNew = !Files.exists(file);
      out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (isNew) {
        out.write(HEADER);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void onStep(StepReport report) {
    lossSum += report.loss();
    tokens += report.tokens();
    nanos += report.nanos();
    steps++;
    if (report.step() % stepsPerLine == 0) {
      writeLine(report);
      lossSum = 0;
      tokens = 0;
      nanos = 0;
      steps = 0;
    }
  }

  private void writeLine(StepReport report) {
    try {
      out.write(
          String.format(
              Locale.ROOT,
              "%d,%.5f,%.6f,%.4f,%.0f%n",
              report.step(),
              lossSum / steps,
              report.learningRate(),
              report.gradientNorm(),
              tokens * 1e9 / nanos));
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private JandaiaException unwritable(IOException cause) {
    return new JandaiaException(file + ": cannot be written: " + cause, cause);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
