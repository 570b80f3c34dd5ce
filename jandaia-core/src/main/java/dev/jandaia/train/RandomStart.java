package dev.jandaia.train;

import dev.jandaia.model.TrainableWeights;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import java.util.Arrays;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * Parameters of a model that has learned nothing: matrices from N(0, 0.02²), those that write into
 * the residual stream divided by √(2·layers) (GPT-2), norms at the identity (weight 1, or 0 where
 * the gain is 1 + weight), biases zero. Linear attention begins as its authors have it:
 * convolutions uniform, decay rates uniform from 1 to 16 and time steps spread from 0.001 to 0.1,
 * so that heads remember for different lengths. Each parameter has random numbers of its own, so
 * that the order in which a model asks for them does not matter.
 */
public final class RandomStart implements TrainableWeights.Start {
  private static final double DEVIATION = 0.02;

  private final ModelSpec spec;
  private final long seed;
  private final Set<String> zeroCentred;

  public RandomStart(ModelSpec spec, long seed) {
    this.spec = spec;
    this.seed = seed;
    this.zeroCentred =
        Parameters.of(spec).stream()
            .filter(ParameterSpec::zeroCentred)
            .map(ParameterSpec::path)
            .collect(Collectors.toSet());
  }

  @Override
  public void matrix(String path, int rows, int cols, float[] values) {
    SplitMix64 random = new SplitMix64(seed * 31 + path.hashCode());
    double deviation = entersResidual(path) ? DEVIATION / residualScale() : DEVIATION;
    for (int i = 0; i < values.length; i += 2) {
      // Box and Muller's two normal numbers from two uniform ones.
      double radius = deviation * Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
      double angle = 2 * Math.PI * random.nextDouble();
      values[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }

  @Override
  public void vector(String path, float[] values) {
    if (path.endsWith("Convolution.weight")) {
      uniform(path, values, z -> z - 0.5);
    } else if (path.endsWith(".logDecayRate")) {
      uniform(path, values, z -> Math.log(1 + 15 * z));
    } else if (path.endsWith(".decay.bias")) {
      uniform(path, values, z -> inverseSoftplus(0.001 * Math.pow(100, z)));
    } else {
      boolean gain =
          (path.endsWith("orm.weight") && !zeroCentred.contains(path))
              || path.endsWith("Scale")
              || path.endsWith(".scale");
      Arrays.fill(values, gain ? 1 : 0);
    }
  }

  private void uniform(String path, float[] values, DoubleUnaryOperator shape) {
    SplitMix64 random = new SplitMix64(seed * 31 + path.hashCode());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) shape.applyAsDouble(random.nextDouble());
    }
  }

  private static double inverseSoftplus(double y) {
    return Math.log(Math.expm1(y));
  }

  private double residualScale() {
    return Math.sqrt(2.0 * spec.numLayers());
  }

  private static boolean entersResidual(String path) {
    return path.endsWith(".output.weight") || path.endsWith(".down.weight");
  }
}
