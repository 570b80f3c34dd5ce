package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
  @TempDir Path directory;

  @Test
  void aContinuedRunAppendsMeansToItsFile() throws Exception {
    Path file = directory.resolve("curve.csv");
    try (LossCurve curve = new LossCurve(file, 2)) {
      curve.onStep(report(1, 3.0));
      curve.onStep(report(2, 1.0));
    }
    try (LossCurve curve = new LossCurve(file, 2)) {
      curve.onStep(report(3, 0.5));
      curve.onStep(report(4, 0.25));
    }
    assertEquals(
        List.of(
            "step,loss,learning_rate,gradient_norm,tokens_per_second",
            "2,2.00000,0.001000,0.5000,100",
            "4,0.37500,0.001000,0.5000,100"),
        Files.readAllLines(file));
  }

  private static StepReport report(int step, double loss) {
    return new StepReport(step, loss, 0.5, 1e-3, 100, 1_000_000_000);
  }
}
