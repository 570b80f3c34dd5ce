package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jandaia.Goldens;
import dev.jandaia.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Twenty steps of a matrix and a bias, against PyTorch's AdamW and clip_grad_norm_. */
class AdamWTest {
  private static final float TOLERANCE = 2e-6f;

  @TestFactory
  Stream<DynamicTest> stepsMatchPyTorch() {
    JsonNode root = JsonMapper.shared().readTree(Goldens.file("training/optim/adamw.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode golden : root.get("cases")) {
      // Our state is f32; the double-precision cases are another optimiser.
      if (golden.get("dtype").asString().equals("float32")) {
        tests.add(
            DynamicTest.dynamicTest("rate " + golden.get("lr").asDouble(), () -> check(golden)));
      }
    }
    assertFalse(tests.isEmpty());
    return tests.stream();
  }

  private static void check(JsonNode golden) {
    float[] matrix = floats(golden.get("W0"));
    float[] bias = floats(golden.get("b0"));
    List<TrainableParameter> parameters =
        List.of(parameter("w", true, matrix), parameter("b", false, bias));
    JsonNode betas = golden.get("betas");
    AdamW.Options options =
        new AdamW.Options(
            betas.get(0).asDouble(),
            betas.get(1).asDouble(),
            golden.get("eps").asDouble(),
            golden.get("weight_decay_W").asDouble());
    try (Workers workers = Workers.of(2)) {
      AdamW optimizer = new AdamW(parameters, options, workers);
      for (int step = 0; step < golden.get("steps").size(); step++) {
        JsonNode expected = golden.get("steps").get(step);
        copy(golden.get("grads_W").get(step), parameters.get(0).grad());
        copy(golden.get("grads_b").get(step), parameters.get(1).grad());
        double norm = optimizer.gradientNorm();
        optimizer.step(golden.get("lr").asDouble(), clip(golden, norm));
        assertArrayEquals(floats(expected.get("W")), matrix, TOLERANCE, "W after " + step);
        assertArrayEquals(floats(expected.get("b")), bias, TOLERANCE, "b after " + step);
      }
      assertArrayEquals(
          floats(golden.get("exp_avg_W")), optimizer.moments().get(0).mean(), TOLERANCE);
      assertArrayEquals(
          floats(golden.get("exp_avg_sq_b")), optimizer.moments().get(1).square(), TOLERANCE);
    }
  }

  @Test
  void aStepClearsTheGradients() {
    TrainableParameter parameter = parameter("w", true, new float[] {1, 2});
    parameter.grad()[1] = 3;
    try (Workers workers = Workers.of(1)) {
      AdamW optimizer =
          new AdamW(List.of(parameter), new AdamW.Options(0.9, 0.95, 1e-8, 0), workers);
      assertEquals(3, optimizer.gradientNorm(), 1e-12);
      optimizer.step(0.1, 1);
      assertEquals(0, optimizer.gradientNorm());
    }
  }

  private static double clip(JsonNode golden, double norm) {
    JsonNode longest = golden.get("max_grad_norm");
    return longest.isNull() ? 1 : Math.min(1, longest.asDouble() / (norm + 1e-6));
  }

  private static TrainableParameter parameter(String path, boolean decays, float[] values) {
    return new TrainableParameter(
        path, decays, MemorySegment.ofArray(values), new float[values.length]);
  }

  private static void copy(JsonNode from, float[] to) {
    System.arraycopy(floats(from), 0, to, 0, to.length);
  }

  private static float[] floats(JsonNode node) {
    List<Float> values = new ArrayList<>();
    collect(node, values);
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static void collect(JsonNode node, List<Float> values) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, values));
    } else {
      values.add((float) node.asDouble());
    }
  }
}
