package dev.jandaia.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The left singular vectors of a matrix in float64, by one-sided Jacobi rotations (Hestenes 1958):
 * rows are turned in pairs until all are orthogonal; what turns them are the vectors. Accurate even
 * for small singular values, and as slow as cubic is.
 *
 * @param vectors {@code [min(n, m)][n]}, orthonormal, the most important first; those of singular
 *     values that vanish may be zero
 * @param values the singular values, largest first
 */
record SingularVectors(double[][] vectors, double[] values) {
  private static final double TOLERANCE = 1e-13;

  /** Rows below this share of the whole matrix are rounding errors. */
  private static final double NOTHING = 1e-15;

  private static final int MOST_SWEEPS = 60;

  /** Of a matrix {@code [n][m]}. */
  static SingularVectors of(double[][] matrix) {
    boolean wide = matrix.length <= matrix[0].length;
    double[][] rows = wide ? copy(matrix) : transpose(matrix);
    double[][] turned = wide ? identity(matrix.length) : new double[0][];
    double floor = Math.pow(NOTHING, 2) * squares(rows);
    int sweeps = 0;
    while (sweep(rows, turned, floor)) {
      if (++sweeps > MOST_SWEEPS) {
        throw new IllegalStateException("singular values: no end after " + sweeps + " sweeps");
      }
    }
    double[] lengths =
        IntStream.range(0, rows.length)
            .mapToDouble(i -> Math.sqrt(dot(rows[i], rows[i])))
            .toArray();
    int[] order =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[][] vectors = new double[order.length][];
    double[] values = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      values[i] = lengths[order[i]];
      // Of a tall matrix the rows themselves end as σ·u.
      vectors[i] =
          wide
              ? turned[order[i]]
              : scaled(rows[order[i]], values[i] * values[i] > floor ? 1 / values[i] : 0);
    }
    return new SingularVectors(vectors, values);
  }

  /** Turns every pair of rows once, pairs without a common row at the same time. */
  private static boolean sweep(double[][] rows, double[][] turned, double floor) {
    boolean any = false;
    for (List<int[]> round : tournament(rows.length)) {
      any |=
          round.parallelStream()
              .map(pair -> turn(rows, turned, pair[0], pair[1], floor))
              .reduce(false, Boolean::logicalOr);
    }
    return any;
  }

  /** Everyone meets everyone: one stays, the others walk around the table. */
  private static List<List<int[]>> tournament(int players) {
    int seats = players + players % 2;
    List<List<int[]>> rounds = new ArrayList<>();
    for (int round = 0; round < seats - 1; round++) {
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < seats / 2; i++) {
        int a = i == 0 ? seats - 1 : (round + i) % (seats - 1);
        int b = (round + seats - 1 - i) % (seats - 1);
        if (a < players && b < players) {
          pairs.add(new int[] {Math.min(a, b), Math.max(a, b)});
        }
      }
      rounds.add(pairs);
    }
    return rounds;
  }

  private static boolean turn(double[][] rows, double[][] turned, int i, int j, double floor) {
    double a = dot(rows[i], rows[i]);
    double b = dot(rows[j], rows[j]);
    double between = dot(rows[i], rows[j]);
    if (a <= floor || b <= floor || Math.abs(between) <= TOLERANCE * Math.sqrt(a * b)) {
      return false;
    }
    double zeta = (b - a) / (2 * between);
    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
    double cosine = 1 / Math.hypot(1, tangent);
    rotate(rows[i], rows[j], cosine, cosine * tangent);
    if (turned.length > 0) {
      rotate(turned[i], turned[j], cosine, cosine * tangent);
    }
    return true;
  }

  private static void rotate(double[] x, double[] y, double cosine, double sine) {
    for (int c = 0; c < x.length; c++) {
      double before = x[c];
      x[c] = cosine * before - sine * y[c];
      y[c] = sine * before + cosine * y[c];
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    double other = 0;
    int even = x.length & ~1;
    for (int c = 0; c < even; c += 2) {
      sum += x[c] * y[c];
      other += x[c + 1] * y[c + 1];
    }
    return even < x.length ? sum + other + x[even] * y[even] : sum + other;
  }

  private static double squares(double[][] rows) {
    double sum = 0;
    for (double[] row : rows) {
      sum += dot(row, row);
    }
    return sum;
  }

  private static double[][] copy(double[][] matrix) {
    double[][] rows = new double[matrix.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = matrix[i].clone();
    }
    return rows;
  }

  private static double[][] transpose(double[][] matrix) {
    double[][] rows = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < rows.length; j++) {
        rows[j][i] = matrix[i][j];
      }
    }
    return rows;
  }

  private static double[][] identity(int size) {
    double[][] rows = new double[size][size];
    for (int i = 0; i < size; i++) {
      rows[i][i] = 1;
    }
    return rows;
  }

  private static double[] scaled(double[] row, double factor) {
    double[] result = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = row[i] * factor;
    }
    return result;
  }
}
