package dev.jandaia.cache.turbo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Codebooks, rotations and the numbers of values against the reference. */
class CodebookTest {
  private static JsonNode golden(String file) throws IOException {
    Path path = Goldens.file("training/turboquant/" + file + ".json");
    return new JsonMapper().readTree(Files.readString(path));
  }

  private static double[] doubles(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asDouble();
    }
    return values;
  }

  private static float[] floats(JsonNode node) {
    double[] wide = doubles(node);
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  private static void assertBook(JsonNode expected, String error, Codebook book) {
    assertArrayEquals(doubles(expected.get("centroids")), book.centroids(), 1e-9);
    assertArrayEquals(doubles(expected.get("boundaries")), book.boundaries(), 1e-9);
    assertEquals(expected.get(error).asDouble(), book.meanSquaredError(), 1e-9);
  }

  @Test
  void normalCodebooksAreTheReferences() throws IOException {
    for (JsonNode expected : golden("codebooks").get("normal")) {
      if (expected.get("bits").asInt() <= 4) {
        assertBook(expected, "mse", Codebook.normal(expected.get("bits").asInt()));
      }
    }
  }

  /** The reference's iteration stops at 1e-9: its values are the means of their cells to that. */
  @Test
  void codebooksOfSphereCoordinatesAreTheReferences() throws IOException {
    for (JsonNode expected : golden("codebooks").get("sphere_coordinate")) {
      int dim = expected.get("d").asInt();
      Codebook book = Codebook.sphere(dim, expected.get("bits").asInt());
      assertArrayEquals(doubles(expected.get("centroids")), book.centroids(), 1e-8);
      assertEquals(expected.get("mse_unit_vector").asDouble(), dim * book.meanSquaredError(), 1e-8);
    }
  }

  @Test
  void smallSpheresHaveCodebooksToo() {
    for (int dim = 2; dim < 10; dim++) {
      for (int bits = 1; bits <= 4; bits++) {
        Codebook book = Codebook.sphere(dim, bits);
        double[] values = book.centroids();
        for (int i = 0; i < values.length; i++) {
          assertEquals(-values[values.length - 1 - i], values[i], 1e-12);
          assertEquals(true, i == 0 || values[i - 1] < values[i], book.toString());
          assertEquals(true, Math.abs(values[i]) < 1, book.toString());
        }
      }
    }
  }

  /** In the reference's own rotated space: the same numbers, the same vectors back. */
  @Test
  void vectorsAreQuantisedAsInTheReference() throws IOException {
    for (JsonNode reference : golden("cases").get("cases")) {
      int dim = reference.get("d").asInt();
      for (int bits = 1; bits <= 4; bits++) {
        JsonNode expected = reference.get("bits").get(String.valueOf(bits));
        for (int i = 0; i < reference.get("x").size(); i++) {
          double[] x = doubles(reference.get("x").get(i));
          double[] codes = doubles(expected.get("mse_indices").get(i));
          double[] back = doubles(expected.get("mse_dequantised").get(i));
          check(dim, Codebook.normal(bits), reference.get("Pi"), x, codes, back);
        }
      }
    }
  }

  private static void check(
      int dim, Codebook book, JsonNode rotation, double[] x, double[] codes, double[] back) {
    double norm = 0;
    for (double element : x) {
      norm += element * element;
    }
    norm = Math.sqrt(norm);
    double[] sum = new double[dim];
    for (int i = 0; i < dim; i++) {
      double[] row = doubles(rotation.get(i));
      double y = 0;
      for (int j = 0; j < dim; j++) {
        y += row[j] * x[j] / norm * Math.sqrt(dim);
      }
      int code = 0;
      for (double boundary : book.boundaries()) {
        code += y > boundary ? 1 : 0;
      }
      assertEquals((int) codes[i], code);
      for (int j = 0; j < dim; j++) {
        sum[j] += row[j] * book.centroids()[code] * norm / Math.sqrt(dim);
      }
    }
    assertArrayEquals(back, sum, 1e-7);
  }

  @Test
  void aRotationStepIsTheReferences() throws IOException {
    JsonNode expected = golden("cases").get("hadamard");
    Rotation rotation = Rotation.of(floats(expected.get("signs")));
    for (int i = 0; i < expected.get("x").size(); i++) {
      float[] x = floats(expected.get("x").get(i));
      rotation.apply(Kernels.scalar(), x, 0);
      assertArrayEquals(floats(expected.get("y").get(i)), x, 1e-6f);
    }
  }

  @Test
  void rotationsKeepLengthsAndCanBeUndone() {
    for (var kernels : new Kernels[] {Kernels.scalar(), Kernels.best()}) {
      for (int dim : new int[] {1, 2, 3, 8, 12, 16, 64, 80, 96, 128, 192, 384, 512, 576}) {
        float[] x = new float[dim + 5];
        Random random = new Random(dim);
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) random.nextGaussian();
        }
        float[] y = x.clone();
        Rotation.of(dim, 3).apply(kernels, y, 3);
        assertEquals(
            Math.sqrt(kernels.sumOfSquares(x, 3, dim)),
            Math.sqrt(kernels.sumOfSquares(y, 3, dim)),
            1e-4);
        Rotation.of(dim, 3).undo(kernels, y, 3);
        assertArrayEquals(x, y, 1e-5f);
      }
    }
  }
}
