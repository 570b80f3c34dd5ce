package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.kernel.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Training gives the same bits whoever runs it: the interpreter at first, C1 then, C2 at last, and
 * when is left to chance. Here one JVM has no C2, and this one is warm.
 */
class CompilationTest {
  private static final int WARM_UP = 150;
  private static final int STEPS = 4;

  @Test
  void theCompilerDoesNotChangeABit() throws IOException, InterruptedException {
    Process withoutC2 =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CompilationTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String expected = new String(withoutC2.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, withoutC2.waitFor());
    losses(WARM_UP);
    assertEquals(expected.strip(), losses(STEPS));
  }

  /** Prints the first losses. */
  public static void main(String[] args) {
    System.out.println(losses(STEPS));
  }

  private static String losses(int steps) {
    StringBuilder losses = new StringBuilder();
    try (Workers workers = Workers.of(1);
        Trainer trainer = TinyTask.trainer(WARM_UP, workers)) {
      for (int i = 0; i < steps; i++) {
        losses.append(trainer.step().loss()).append(' ');
      }
    }
    return losses.toString().strip();
  }
}
