package dev.jandaia.op;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatedTest {
  private static final float ALPHA = 1.702f;
  private static final float LIMIT = 1.5f;

  /** M, F; the last is work for several threads. */
  private static final int[][] SIZES = {{1, 1}, {3, 7}, {2, 33}, {70, 240}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void multipliesEveryActivationOfTheGateByTheLinearPath(Setup setup) {
    setup.run(compute -> {
      for (PointFunction function : PointFunction.values()) {
        check(compute, GateFunction.of(function), (g, u) -> Functions.value(function, g) * u);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void clampsBothPaths(Setup setup) {
    setup.run(compute -> check(compute, GateFunction.clamped(ALPHA, LIMIT), GatedTest::clamped));
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void boundsTheGateFromAboveAndTheLinearPathOnBothSides(Setup setup) {
    setup.run(compute -> {
      for (PointFunction function : PointFunction.values()) {
        check(
            compute,
            GateFunction.bounded(function, LIMIT),
            (g, u) -> Functions.value(function, Math.min(g, LIMIT)) * Math.clamp(u, -LIMIT, LIMIT));
      }
    });
  }

  private static double clamped(double gate, double up) {
    double g = Math.min(gate, LIMIT);
    return (Math.clamp(up, -LIMIT, LIMIT) + 1) * g * Functions.sigmoid(ALPHA * g);
  }

  private static void check(Compute compute, GateFunction function, DoubleBinaryOperator twin) {
    for (int[] size : SIZES) {
      GradientCheck check = new GradientCheck(compute, 1);
      Matrix gate = check.matrix(size[0], size[1], GatedTest::awayFromKinks);
      Matrix up = check.matrix(size[0], size[1], GatedTest::awayFromKinks);
      check.check(
          () -> Gated.apply(compute, gate, up, function),
          in -> {
            double[] out = new double[in[0].length];
            for (int i = 0; i < out.length; i++) {
              out[i] = twin.applyAsDouble(in[0][i], in[1][i]);
            }
            return out;
          });
    }
  }

  /** Wide enough to reach the limits, and never where a difference would step over a kink. */
  private static double awayFromKinks(double z) {
    double wide = 1.3 * z;
    boolean near = Math.abs(wide) < 1e-3 || Math.abs(Math.abs(wide) - LIMIT) < 1e-3;
    return near ? wide + 0.01 : wide;
  }
}
