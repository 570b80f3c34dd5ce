package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens still in the running, and the memory to work on them: about 36 bytes per vocabulary
 * entry, allocated once. Samplers used by one thread can share one instance; it is not thread-safe.
 *
 * <p>Invariant between steps: every logit is finite. Fresh candidates are in order of token id, and
 * so are equal logits after sorting.
 */
public final class Candidates {
  /**
   * Top-k narrows the field by the leading bits of the sort key: sign, exponent, three of mantissa.
   */
  private static final int BUCKET_BITS = 12;

  int size;
  int[] ids = {};
  float[] logits = {};

  /** Unnormalised probabilities, valid right after {@link #softmax}. */
  double[] weights = {};

  /**
   * Counts the uses of this memory, so that a sampler can tell whether its results are still here.
   */
  long loads;

  /** Whether the logits are in descending order. */
  boolean sorted;

  /** One number per token id, all zero between steps. */
  int[] marks = {};

  long[] keys = {};
  private long[] swap = {};
  private int[] scratch = {};
  private final int[] counts = new int[1 << BUCKET_BITS];

  /** Working memory that grows to the first vocabulary it sees. */
  public Candidates() {}

  /**
   * Takes the logits [V] in; tokens at minus infinity are impossible and do not become candidates.
   */
  void load(float[] source, int offset, int vocab) {
    Objects.checkFromIndexSize(offset, vocab, source.length);
    ensureCapacity(vocab);
    int[] ids =
        this.ids; // locals, because the compiler cannot know that the stores spare the fields
    float[] logits = this.logits;
    int n = 0;
    for (int token = 0; token < vocab; token++) {
      float logit = source[offset + token];
      ids[n] = token;
      logits[n] = logit;
      n += logit > Float.NEGATIVE_INFINITY ? 1 : 0;
      if (!(logit < Float.POSITIVE_INFINITY)) {
        throw new JandaiaException(
            "logits: expected finite values or -Infinity, found %s for token %d of %d"
                .formatted(logit, token, vocab));
      }
    }
    size = n;
    sorted = false;
    loads++;
    if (size == 0) {
      throw new JandaiaException(
          "logits: all %d are -Infinity, no token is possible".formatted(vocab));
    }
  }

  private void ensureCapacity(int vocab) {
    if (ids.length < vocab) {
      ids = new int[vocab];
      logits = new float[vocab];
      weights = new double[vocab];
      marks = new int[vocab];
      keys = new long[vocab];
      swap = new long[vocab];
    }
  }

  /** Sets a logit, held within the finite floats; the order is then unknown. */
  void set(int i, float logit) {
    logits[i] = Math.clamp(logit, -Float.MAX_VALUE, Float.MAX_VALUE);
    sorted = false;
  }

  void move(int from, int to) {
    ids[to] = ids[from];
    logits[to] = logits[from];
  }

  void mark(int token, int value) {
    if (token < marks.length) {
      marks[token] = value;
    }
  }

  int marked(int token) {
    return token < marks.length ? marks[token] : 0;
  }

  /** At least {@code n} numbers of any value. */
  int[] scratch(int n) {
    if (scratch.length < n) {
      scratch = new int[Integer.highestOneBit(n) * 2];
    }
    return scratch;
  }

  /** The index of the largest logit, of equal ones the first. */
  int best() {
    if (sorted) {
      return 0;
    }
    float[] logits = this.logits;
    int best = 0;
    float max = logits[0];
    for (int i = 1; i < size; i++) {
      if (logits[i] > max) {
        max = logits[i];
        best = i;
      }
    }
    return best;
  }

  /** Fills {@link #weights} with {@code exp(logit - max)} and returns their sum. */
  double softmax() {
    float max = logits[best()];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      weights[i] = Math.exp((double) logits[i] - max);
      sum += weights[i];
    }
    return sum;
  }

  void keepOnly(int i) {
    move(i, 0);
    size = 1;
    sorted = true;
  }

  void keepAtLeast(double least) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (logits[i] >= least) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  void dropFirst(int n) {
    System.arraycopy(ids, n, ids, 0, size - n);
    System.arraycopy(logits, n, logits, 0, size - n);
    size -= n;
  }

  /** Sorts the best {@code k} to the front and drops the rest, in time linear in the size. */
  void keepBest(int k) {
    if (!sorted) {
      size = collectKeys(lastBucket(k));
      sortKeys();
      keepKeyed(size);
      sorted = true;
    }
    size = Math.min(size, k);
  }

  /** The bucket that the k-th best candidate falls into. */
  private int lastBucket(int k) {
    if (k >= size) {
      return counts.length - 1;
    }
    int[] counts = this.counts;
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      counts[bucket(KeySort.descending(logits[i], 0))]++;
    }
    int bucket = 0;
    for (int seen = counts[0]; seen < k; seen += counts[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /**
   * Makes keys, with indices as payload, of the candidates up to the bucket; returns their number.
   */
  private int collectKeys(int lastBucket) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      long key = KeySort.descending(logits[i], i);
      if (bucket(key) <= lastBucket) {
        keys[n++] = key;
      }
    }
    return n;
  }

  private static int bucket(long key) {
    return (int) (key >>> (64 - BUCKET_BITS));
  }

  void sortKeys() {
    KeySort.sort(keys, size, swap, counts);
  }

  /**
   * Reorders the candidates to follow the payloads of the first {@code n} keys and drops the
   * others.
   */
  void keepKeyed(int n) {
    for (int i = 0; i < n; i++) {
      int from = KeySort.payload(keys[i]);
      swap[i] = ((long) ids[from] << 32) | (Float.floatToRawIntBits(logits[from]) & 0xFFFF_FFFFL);
    }
    for (int i = 0; i < n; i++) {
      ids[i] = (int) (swap[i] >>> 32);
      logits[i] = Float.intBitsToFloat((int) swap[i]);
    }
    size = n;
    sorted = false;
  }
}
