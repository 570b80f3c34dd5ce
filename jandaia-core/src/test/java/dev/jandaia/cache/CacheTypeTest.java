package dev.jandaia.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Caches of every element type against what was appended, to the distortion of the type. */
class CacheTypeTest {
  private static final int HEADS = 2;
  private static final int DIM = 128;
  private static final int COUNT = 300;

  /** Expected squared error of a unit vector of 128 elements, exact for the codebooks. */
  private static double distortion(CacheType type) {
    return switch (type) {
      case CacheType.Plain.F32 -> 1e-14;
      case CacheType.Plain.F16 -> 1e-7;
      case CacheType.Plain.BF16 -> 6e-6;
      case CacheType.Plain.Q8_0 -> 6e-5;
      // At most 0.361, 0.116, 0.034 and 0.0093: those of the whole vector bound those of its parts.
      case CacheType.Turbo t -> new double[] {0.361, 0.116, 0.0340, 0.00932}[t.bits() - 1] * 1.03;
    };
  }

  private static Stream<CacheType> types() {
    return CacheType.all().stream();
  }

  private static float[] gaussians(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static KeyValueCache heads(CacheType type, Retention retention) {
    return HeadCache.of(HEADS, DIM, DIM, retention, type);
  }

  /** The value of one position as it comes back: a sum with a single weight. */
  private static float[] value(
      KeyValueCache cache, CacheReader reader, int head, int position, int dim) {
    float[] sum = new float[dim];
    cache.addValues(reader, head, new float[] {1}, 0, 1, 1, position, 1, sum, 0);
    cache.leave(reader, head, sum, 1);
    return sum;
  }

  @ParameterizedTest
  @MethodSource("types")
  void valuesComeBackWithinTheDistortionOfTheType(CacheType type) {
    int width = HEADS * DIM;
    float[] rows = gaussians(1, COUNT * width);
    KeyValueCache cache = heads(type, Retention.ALL);
    cache.append(rows, 0, width, rows, 0, width, COUNT);
    CacheReader reader = new CacheReader(Kernels.best());
    double error = 0;
    double energy = 0;
    for (int position = 0; position < COUNT; position++) {
      for (int head = 0; head < HEADS; head++) {
        float[] back = value(cache, reader, head, position, DIM);
        for (int d = 0; d < DIM; d++) {
          double x = rows[position * width + head * DIM + d];
          error += (x - back[d]) * (x - back[d]);
          energy += x * x;
        }
      }
    }
    double found = error / energy;
    assertTrue(found < distortion(type), type.label() + ": " + found);
    assertTrue(found > 0 || type == CacheType.F32, type.label());
  }

  @ParameterizedTest
  @MethodSource("types")
  void scoresAndSumsAreThoseOfWhatComesBack(CacheType type) {
    int width = HEADS * DIM;
    float[] keys = gaussians(1, COUNT * width);
    float[] values = gaussians(2, COUNT * width);
    for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
      KeyValueCache cache = heads(type, Retention.ALL);
      cache.append(keys, 0, width, values, 0, width, COUNT);
      CacheReader reader = new CacheReader(kernels);
      float[] queries = gaussians(3, 3 * DIM);
      for (int head = 0; head < HEADS; head++) {
        float[] entered = cache.enter(reader, head, queries, 3);
        float[] scores = new float[3 * 140];
        cache.scores(reader, head, entered, 0, 3, 50, 130, scores, 4, 140);
        float[] sums = gaussians(4, 3 * DIM);
        float[] expected = new float[3 * DIM];
        cache.addValues(reader, head, scores, 4, 140, 3, 50, 130, expected, 0);
        cache.leave(reader, head, expected, 3);
        for (int r = 0; r < 3; r++) {
          double score = 0;
          double[] sum = new double[DIM];
          double noise = 0;
          for (int j = 0; j < 130; j++) {
            float weight = scores[4 + r * 140 + j];
            float[] value = value(cache, reader, head, 50 + j, DIM);
            score = 0;
            for (int d = 0; d < DIM; d++) {
              sum[d] += weight * value[d];
              score += queries[r * DIM + d] * keys[(50 + j) * width + head * DIM + d];
            }
            noise += (score - weight) * (score - weight);
          }
          // A score errs by ‖q‖·‖k‖·√(distortion/d), both norms about √d; a residual by more.
          double bound = type instanceof CacheType.Turbo t && t.residual() ? 5 : 1.3;
          double expectedNoise = Math.sqrt(DIM * distortion(type)) * bound;
          assertTrue(
              Math.sqrt(noise / 130) < expectedNoise + 1e-5,
              type.label() + ": " + Math.sqrt(noise / 130) + " of " + expectedNoise);
          for (int d = 0; d < DIM; d++) {
            assertEquals(sum[d], expected[r * DIM + d], 2e-2, type.label());
          }
        }
      }
    }
  }

  /** Inner products of vectors that are alike: codebooks shrink them, the residual does not. */
  @Test
  void aResidualMakesInnerProductsUnbiased() {
    int width = HEADS * DIM;
    int count = 4000;
    float[] query = gaussians(7, DIM);
    float[] keys = gaussians(8, count * width);
    for (int i = 0; i < keys.length; i++) {
      keys[i] += query[i % DIM];
    }
    for (int bits = 2; bits <= 4; bits++) {
      double biased = meanError(new CacheType.Turbo(bits, false, false), query, keys, count);
      double unbiased = meanError(new CacheType.Turbo(bits, false, true), query, keys, count);
      double shrinkage = new double[] {0.116, 0.034, 0.0093}[bits - 2];
      assertEquals(-shrinkage, biased, 0.15 * shrinkage, bits + " bits");
      assertEquals(0, unbiased, 0.2 * shrinkage, bits + " bits");
    }
  }

  /** Σ(estimate − product)/Σ product. */
  private static double meanError(CacheType type, float[] query, float[] keys, int count) {
    int width = HEADS * DIM;
    KeyValueCache cache = heads(type, Retention.ALL);
    cache.append(keys, 0, width, keys, 0, width, count);
    CacheReader reader = new CacheReader(Kernels.best());
    float[] scores = new float[count];
    double error = 0;
    double total = 0;
    for (int head = 0; head < HEADS; head++) {
      float[] entered = cache.enter(reader, head, query, 1);
      cache.scores(reader, head, entered, 0, 1, 0, count, scores, 0, count);
      for (int j = 0; j < count; j++) {
        double product = 0;
        for (int d = 0; d < DIM; d++) {
          product += query[d] * keys[j * width + head * DIM + d];
        }
        error += scores[j] - product;
        total += product;
      }
    }
    return error / total;
  }

  @Test
  void outlierChannelsAreFoundAndKeptFiner() {
    int width = HEADS * DIM;
    float[] rows = gaussians(1, COUNT * width);
    for (int i = 0; i < rows.length; i++) {
      rows[i] *= (i % DIM) % 4 == 1 ? 10 : 1;
    }
    CacheReader reader = new CacheReader(Kernels.best());
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      KeyValueCache cache = heads(new CacheType.Turbo(2, i == 1, false), Retention.ALL);
      cache.append(rows, 0, width, rows, 0, width, COUNT);
      for (int position = 0; position < COUNT; position++) {
        float[] back = value(cache, reader, 1, position, DIM);
        for (int d = 0; d < DIM; d++) {
          errors[i] += Math.pow(rows[position * width + DIM + d] - back[d], 2);
        }
      }
    }
    assertTrue(errors[1] < 0.35 * errors[0], errors[1] + " of " + errors[0]);
  }

  @ParameterizedTest
  @MethodSource("types")
  void latentsOfOddSizesWorkInRings(CacheType type) {
    int latent = 72;
    int rope = 10;
    KeyValueCache cache = LatentCache.of(latent, rope, Retention.sliding(100), type);
    float[] rows = gaussians(1, 500 * (latent + rope));
    CacheReader reader = new CacheReader(Kernels.best());
    for (int done = 0; done < 500; done += 50) {
      cache.append(rows, done * (latent + rope), latent + rope, rows, 0, 0, 50);
    }
    KeyValueCache fork = cache.fork();
    fork.truncate(499);
    fork.append(rows, 0, latent + rope, rows, 0, 0, 1);
    double error = 0;
    double energy = 0;
    for (int position = 401; position < 500; position++) {
      float[] back = value(cache, reader, 0, position, latent);
      for (int d = 0; d < latent; d++) {
        double x = rows[position * (latent + rope) + d];
        error += (x - back[d]) * (x - back[d]);
        energy += x * x;
      }
    }
    assertTrue(error / energy < distortion(type) * 1.1, type.label() + ": " + error / energy);
    assertTrue(cache.bytes() < 82 * 4 * 192 + 1, "bytes " + cache.bytes());
  }

  @ParameterizedTest
  @MethodSource("types")
  void bytesAreWhatTheTypeSays(CacheType type) {
    KeyValueCache cache = heads(type, Retention.ALL);
    cache.append(new float[HEADS * DIM], 0, 0, new float[HEADS * DIM], 0, 0, 128);
    double keys = type.bitsPerElement(DIM);
    double values = type instanceof CacheType.Turbo t && t.residual() ? keys - 16.0 / DIM : keys;
    assertEquals(128 * HEADS * DIM * (keys + values) / 8, cache.bytes());
    float[] zeros = value(cache, new CacheReader(Kernels.best()), 0, 5, DIM);
    for (float zero : zeros) {
      assertEquals(0, Math.abs(zero));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void typesAreKnownByTheirNames(CacheType type) {
    assertEquals(type, CacheType.of(type.label()));
  }

  @Test
  void unknownTypesAreRefused() {
    assertThrows(JandaiaException.class, () -> CacheType.of("q3"));
    assertThrows(IllegalArgumentException.class, () -> new CacheType.Turbo(4, true, false));
    assertThrows(IllegalArgumentException.class, () -> new CacheType.Turbo(1, false, true));
  }
}
