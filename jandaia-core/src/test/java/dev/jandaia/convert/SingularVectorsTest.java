package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingularVectorsTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 5, 2", "5, 2, 2", "17, 33, 17", "33, 17, 17", "20, 20, 3", "9, 31, 4"})
  void vectorsAreOrthonormalAndSpanTheMatrix(int n, int m, int rank) {
    double[][] matrix = product(random(n, rank, 1), random(rank, m, 2));
    SingularVectors found = SingularVectors.of(matrix);
    double[][] u = found.vectors();
    assertEquals(Math.min(n, m), u.length);
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < rank; j++) {
        assertEquals(i == j ? 1 : 0, dot(u[i], u[j]), 1e-12);
      }
      assertEquals(
          found.values()[i], Math.sqrt(dot(image(u[i], matrix), image(u[i], matrix))), 1e-10);
    }
    for (int c = 0; c < m; c++) {
      double[] column = column(matrix, c);
      double[] rebuilt = new double[n];
      for (int i = 0; i < rank; i++) {
        double share = dot(u[i], column);
        for (int row = 0; row < n; row++) {
          rebuilt[row] += share * u[i][row];
        }
      }
      assertArrayEquals(column, rebuilt, 1e-10);
    }
    for (int i = rank; i < u.length; i++) {
      assertEquals(0, found.values()[i], 1e-10);
    }
  }

  @Test
  void knownValuesComeLargestFirst() {
    double[][] matrix = {{3, 0, 0}, {0, 0, -5}, {0, 4, 0}};
    SingularVectors found = SingularVectors.of(matrix);
    assertArrayEquals(new double[] {5, 4, 3}, found.values(), 1e-14);
    assertEquals(1, Math.abs(found.vectors()[0][1]), 1e-14);
  }

  /** [[1, 1], [0, 1]] has the golden ratio and its inverse. */
  @Test
  void goldenRatio() {
    double[] values = SingularVectors.of(new double[][] {{1, 1}, {0, 1}}).values();
    double ratio = (1 + Math.sqrt(5)) / 2;
    assertArrayEquals(new double[] {ratio, 1 / ratio}, values, 1e-14);
  }

  @Test
  void nothingHasNoValues() {
    assertArrayEquals(new double[2], SingularVectors.of(new double[2][3]).values());
    assertArrayEquals(new double[2], SingularVectors.of(new double[3][2]).values());
  }

  /** uᵀ·A. */
  private static double[] image(double[] u, double[][] matrix) {
    double[] image = new double[matrix[0].length];
    for (int c = 0; c < image.length; c++) {
      image[c] = dot(u, column(matrix, c));
    }
    return image;
  }

  private static double[] column(double[][] matrix, int c) {
    double[] column = new double[matrix.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = matrix[i][c];
    }
    return column;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        product[i][j] = dot(a[i], column(b, j));
      }
    }
    return product;
  }

  private static double[][] random(int rows, int cols, long seed) {
    Random random = new Random(seed);
    double[][] matrix = new double[rows][cols];
    for (double[] row : matrix) {
      for (int c = 0; c < cols; c++) {
        row[c] = random.nextGaussian();
      }
    }
    return matrix;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
