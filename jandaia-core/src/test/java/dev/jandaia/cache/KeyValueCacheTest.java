package dev.jandaia.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.kernel.Kernels;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of cache against plain arrays of all that was ever appended. */
class KeyValueCacheTest {
  private static final int HEADS = 3;
  private static final int KEY_DIM = 5;
  private static final int VALUE_DIM = 4;
  private static final int LATENT_DIM = 6;
  private static final int ROPE_DIM = 2;
  private static final int BLOCK = 64;
  private static final int LENGTH = 500;
  private static final CacheReader READER = new CacheReader(Kernels.scalar());

  /**
   * A kind of cache.
   *
   * @param window positions that must be held; {@link Integer#MAX_VALUE} for all
   * @param floats per position
   */
  private record Kind(
      String name,
      IntFunction<KeyValueCache> make,
      int window,
      int heads,
      int keyDim,
      int valueDim,
      int floats,
      boolean latent) {

    KeyValueCache cache() {
      return make.apply(window);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Kind> kinds() {
    Stream<Kind> full =
        Stream.of(
            heads(
                _ -> HeadCache.of(HEADS, KEY_DIM, VALUE_DIM, Retention.ALL, CacheType.F32),
                Integer.MAX_VALUE,
                "full"),
            latent(
                _ -> LatentCache.of(LATENT_DIM, ROPE_DIM, Retention.ALL, CacheType.F32),
                Integer.MAX_VALUE,
                "full"));
    return Stream.concat(full, rings());
  }

  private static Stream<Kind> rings() {
    return Stream.of(1, 2, 63, 64, 65, 66, 100, 128, 130)
        .flatMap(window ->
            Stream.of(
                heads(
                    w ->
                        HeadCache.of(
                            HEADS, KEY_DIM, VALUE_DIM, Retention.sliding(w), CacheType.F32),
                    window,
                    "window " + window),
                latent(
                    w -> LatentCache.of(LATENT_DIM, ROPE_DIM, Retention.sliding(w), CacheType.F32),
                    window,
                    "window " + window)));
  }

  private static Kind heads(IntFunction<KeyValueCache> make, int window, String name) {
    int floats = HEADS * (KEY_DIM + VALUE_DIM);
    return new Kind("heads, " + name, make, window, HEADS, KEY_DIM, VALUE_DIM, floats, false);
  }

  private static Kind latent(IntFunction<KeyValueCache> make, int window, String name) {
    int row = LATENT_DIM + ROPE_DIM;
    return new Kind("latent, " + name, make, window, 1, row, LATENT_DIM, row, true);
  }

  /** What was appended: rows wider than the heads, as activations may be. */
  private static final class Rows {
    private final Kind kind;
    private final int keyStride;
    private final int valueStride;
    private final float[] keys;
    private final float[] values;

    Rows(Kind kind, long seed) {
      this.kind = kind;
      Random random = new Random(seed);
      keyStride = kind.heads() * kind.keyDim() + 2;
      valueStride = kind.latent() ? keyStride : kind.heads() * kind.valueDim() + 1;
      keys = gaussians(random, 1 + LENGTH * keyStride);
      values = kind.latent() ? keys : gaussians(random, 1 + LENGTH * valueStride);
    }

    void append(KeyValueCache cache, int from, int count) {
      cache.append(
          keys,
          1 + from * keyStride,
          keyStride,
          values,
          1 + from * valueStride,
          valueStride,
          count);
    }

    /** Compares all that a query at the end of the cache looks at. */
    void assertHeld(KeyValueCache cache) {
      int from = Math.max(0, cache.end() - kind.window() + 1);
      assertRange(cache, Math.min(from, cache.end()), cache.end());
    }

    void assertRange(KeyValueCache cache, int from, int end) {
      int count = end - from;
      float[] query = gaussians(new Random(1), 2 * kind.keyDim());
      for (int head = 0; head < kind.heads(); head++) {
        float[] scores = new float[2 + count];
        cache.scores(READER, head, query, kind.keyDim(), 1, from, count, scores, 2, count);
        for (int j = 0; j < count; j++) {
          assertEquals(score(query, head, from + j), scores[2 + j], 1e-5, "score at " + (from + j));
        }
        float[] out = new float[4 + kind.valueDim()];
        out[4] = 10;
        cache.addValues(READER, head, scores, 2, count, 1, from, count, out, 4);
        for (int d = 0; d < kind.valueDim(); d++) {
          double sum = d == 0 ? 10 : 0;
          for (int j = 0; j < count; j++) {
            sum += (double) scores[2 + j] * value(head, from + j, d);
          }
          assertEquals(sum, out[4 + d], 1e-4 * (1 + Math.abs(sum)), "value " + d);
        }
      }
    }

    private double score(float[] query, int head, int position) {
      double sum = 0;
      for (int d = 0; d < kind.keyDim(); d++) {
        double key = keys[1 + position * keyStride + head * kind.keyDim() + d];
        sum += query[kind.keyDim() + d] * key;
      }
      return sum;
    }

    private double value(int head, int position, int d) {
      return values[1 + position * valueStride + head * kind.valueDim() + d];
    }

    private static float[] gaussians(Random random, int length) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void answersAsPlainArraysDo(Kind kind) {
    for (int piece : new int[] {1, 63, 64, 65, 129, 300}) {
      KeyValueCache cache = kind.cache();
      Rows rows = new Rows(kind, piece);
      rows.assertHeld(cache);
      while (cache.end() + piece <= LENGTH) {
        rows.append(cache, cache.end(), piece);
        rows.assertHeld(cache);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void holdsTheWindowAndLittleMore(Kind kind) {
    KeyValueCache cache = kind.cache();
    Rows rows = new Rows(kind, 1);
    for (int end = 1; end <= LENGTH; end++) {
      rows.append(cache, end - 1, 1);
      assertEquals(end, cache.end());
      int needed = Math.max(0, end - kind.window() + 1);
      assertTrue(cache.start() <= needed, "position " + needed + " is gone");
      if (kind.window() < Integer.MAX_VALUE) {
        assertTrue(end - cache.start() < kind.window() + 2 * BLOCK, "holds too much");
      }
      rows.assertRange(cache, cache.start(), end);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void memoryGrowsByBlocksAndARingStopsGrowing(Kind kind) {
    KeyValueCache cache = kind.cache();
    Rows rows = new Rows(kind, 1);
    long blockBytes = (long) BLOCK * kind.floats() * Float.BYTES;
    long limit = kind.window() == Integer.MAX_VALUE ? LENGTH : (kind.window() + 62) / BLOCK + 1;
    assertEquals(0, cache.bytes());
    for (int end = 1; end <= LENGTH; end++) {
      rows.append(cache, end - 1, 1);
      assertEquals(Math.min(limit, (end + 63) / BLOCK) * blockBytes, cache.bytes(), "at " + end);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void goesBackAndOnAgain(Kind kind) {
    Random random = new Random(3);
    Rows first = new Rows(kind, 1);
    for (int round = 0; round < 60; round++) {
      KeyValueCache cache = kind.cache();
      int end = 1 + random.nextInt(LENGTH);
      first.append(cache, 0, end);
      int back = Math.max(cache.start(), end - random.nextInt(150));
      if (cache.canTruncate(back)) {
        cache.truncate(back);
        assertEquals(back, cache.end());
        first.assertHeld(cache);
        first.append(cache, back, LENGTH - back);
        first.assertHeld(cache);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rings")
  void goesBackExactlyAsFarAsItsWindowIsHeld(Kind kind) {
    Rows rows = new Rows(kind, 1);
    for (int end : new int[] {1, 64, 65, 128, 129, 193, 200, 257, 400}) {
      for (int back = 0; back <= end; back++) {
        KeyValueCache cache = kind.cache();
        rows.append(cache, 0, end);
        int target = back;
        boolean possible = back == 0 || Math.max(0, back - kind.window() + 1) >= cache.start();
        assertEquals(possible, cache.canTruncate(back), "%d to %d".formatted(end, back));
        if (possible) {
          cache.truncate(back);
          rows.assertHeld(cache);
        } else {
          assertThrows(IllegalStateException.class, () -> cache.truncate(target));
          assertEquals(end, cache.end());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rings")
  void whatARingHasWrittenOverStaysGone(Kind kind) {
    for (int end : new int[] {129, 193, 257, 321, 385}) {
      KeyValueCache cache = kind.cache();
      Rows rows = new Rows(kind, 1);
      rows.append(cache, 0, end);
      int start = cache.start();
      while (cache.end() > 1 && cache.canTruncate(cache.end() - 1)) {
        cache.truncate(cache.end() - 1);
        rows.append(cache, cache.end(), 1);
        assertEquals(start, cache.start());
        cache.truncate(cache.end() - 1);
      }
      int shortest = start == 0 ? 1 : start + kind.window() - 1;
      assertEquals(shortest, cache.end());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEmptiedCacheStartsAnew(Kind kind) {
    KeyValueCache cache = kind.cache();
    new Rows(kind, 1).append(cache, 0, 400);
    cache.truncate(0);
    assertEquals(0, cache.start());
    assertEquals(0, cache.end());
    Rows other = new Rows(kind, 2);
    for (int end = 10; end <= 400; end += 10) {
      other.append(cache, end - 10, 10);
      other.assertHeld(cache);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void positionsOutsideOfTheCacheAreRefused(Kind kind) {
    KeyValueCache cache = kind.cache();
    new Rows(kind, 1).append(cache, 0, 5);
    assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
    assertThrows(IllegalArgumentException.class, () -> cache.truncate(6));
    assertEquals(5, cache.end());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aForkIsIndependent(Kind kind) {
    for (int common : new int[] {0, 30, 64, 200}) {
      Rows left = new Rows(kind, 1);
      Rows right = new Rows(kind, 2);
      System.arraycopy(left.keys, 0, right.keys, 0, 1 + common * left.keyStride);
      System.arraycopy(left.values, 0, right.values, 0, 1 + common * left.valueStride);
      KeyValueCache one = kind.cache();
      left.append(one, 0, common);
      KeyValueCache other = one.fork();
      assertEquals(one.bytes(), other.bytes());
      for (int end = common + 1; end <= common + 150; end++) {
        left.append(one, end - 1, 1);
        right.append(other, end - 1, 1);
      }
      left.assertHeld(one);
      right.assertHeld(other);
      one.truncate(0);
      right.assertHeld(other);
    }
  }
}
