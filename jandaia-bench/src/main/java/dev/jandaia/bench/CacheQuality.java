package dev.jandaia.bench;

import dev.jandaia.Jandaia;
import dev.jandaia.TextModel;
import dev.jandaia.cache.CacheReader;
import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.GroupedQueryAttention;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What the element type of a cache costs in quality. A model draws a text from itself with an f32
 * cache; then it reads the text token by token with each type. Arguments: a model (or {@code
 * embedded}), tokens, first id, types (all).
 */
public final class CacheQuality {
  private final LanguageModel model;
  private final Compute compute;
  private final CacheReader reader = new CacheReader(Kernels.best());
  private final int[] ids;
  private final float[][] reference;
  private final SequenceCache exact;

  private CacheQuality(TextModel text, int tokens, int firstId) {
    model = text.loaded().model();
    compute = text.compute();
    ids = new int[tokens];
    ids[0] = firstId;
    reference = new float[tokens][];
    exact = SequenceCache.of(model.spec());
    Random random = new Random(1);
    for (int i = 0; i < tokens; i++) {
      reference[i] = logProbabilities(exact, ids[i]);
      if (i + 1 < tokens) {
        ids[i + 1] = draw(reference[i], random.nextDouble());
      }
    }
  }

  private static int draw(float[] logProbabilities, double point) {
    double sum = 0;
    for (int id = 0; id < logProbabilities.length; id++) {
      sum += Math.exp(logProbabilities[id]);
      if (point < sum) {
        return id;
      }
    }
    return logProbabilities.length - 1;
  }

  private float[] logProbabilities(SequenceCache cache, int id) {
    Batch batch = new Batch();
    batch.add(cache, id);
    int mark = compute.mark();
    Matrix logits = model.nextTokenLogits(compute, batch);
    float[] values = Arrays.copyOf(logits.data(), logits.cols());
    compute.release(mark);
    double largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - largest);
    }
    double shift = largest + Math.log(sum);
    for (int i = 0; i < values.length; i++) {
      values[i] -= (float) shift;
    }
    return values;
  }

  private String row(CacheType type) {
    SequenceCache cache = SequenceCache.of(model.spec(), type);
    double loss = 0;
    double divergence = 0;
    int agreed = 0;
    for (int i = 0; i < ids.length; i++) {
      float[] found = logProbabilities(cache, ids[i]);
      loss -= i + 1 < ids.length ? found[ids[i + 1]] : 0;
      agreed += largest(found) == largest(reference[i]) ? 1 : 0;
      for (int id = 0; id < found.length; id++) {
        divergence += Math.exp(reference[i][id]) * (reference[i][id] - found[id]);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.5f | %.5f | %.3f | %.5f | %.1f%% |",
        type.label(),
        (double) cache.bytes() / (Math.ceilDiv(ids.length, 64) * 64),
        distortion(type, true),
        distortion(type, false),
        Math.exp(loss / (ids.length - 1)),
        divergence / ids.length,
        100.0 * agreed / ids.length);
  }

  private static int largest(float[] values) {
    int at = 0;
    for (int i = 1; i < values.length; i++) {
      at = values[i] > values[at] ? i : at;
    }
    return at;
  }

  /** ‖x − x̂‖²/‖x‖² over the keys or values that the model itself has made. */
  private double distortion(CacheType type, boolean ofKeys) {
    SequenceCache other = SequenceCache.of(model.spec(), type);
    double error = 0;
    double energy = 0;
    for (int layer = 0; layer < model.spec().numLayers(); layer++) {
      if (!(model.spec().blocks().get(layer).mixer() instanceof GroupedQueryAttention a)) {
        continue;
      }
      KeyValueCache from = exact.layer(layer);
      int dim = a.headDim();
      int width = dim * a.numKvHeads();
      int count = from.end() - from.start();
      float[] keys = new float[count * width];
      float[] values = new float[count * width];
      copy(from, from.start(), count, a.numKvHeads(), dim, true, keys);
      copy(from, from.start(), count, a.numKvHeads(), dim, false, values);
      KeyValueCache to = other.layer(layer);
      to.append(keys, 0, width, values, 0, width, count);
      float[] expected = ofKeys ? keys : values;
      float[] found = new float[count * width];
      copy(to, 0, count, a.numKvHeads(), dim, ofKeys, found);
      for (int i = 0; i < found.length; i++) {
        error += Math.pow(expected[i] - found[i], 2);
        energy += (double) expected[i] * expected[i];
      }
    }
    return error / energy;
  }

  /** Keys are what unit vectors find, values what a single weight brings. */
  private void copy(
      KeyValueCache cache, int start, int count, int heads, int dim, boolean keys, float[] out) {
    float[] units = new float[dim * dim];
    for (int d = 0; d < dim; d++) {
      units[d * dim + d] = 1;
    }
    float[] row = new float[dim];
    for (int position = 0; position < count; position++) {
      for (int head = 0; head < heads; head++) {
        Arrays.fill(row, 0);
        if (keys) {
          float[] entered = cache.enter(reader, head, units, dim);
          cache.scores(reader, head, entered, 0, dim, start + position, 1, row, 0, 1);
        } else {
          cache.addValues(reader, head, new float[] {1}, 0, 1, 1, start + position, 1, row, 0);
          cache.leave(reader, head, row, 1);
        }
        System.arraycopy(row, 0, out, (position * heads + head) * dim, dim);
      }
    }
  }

  /** Prints a Markdown table. */
  public static void main(String[] args) {
    List<CacheType> types =
        args.length > 3 ? Arrays.stream(args).skip(3).map(CacheType::of).toList() : CacheType.all();
    try (TextModel text =
        args[0].equals("embedded") ? Jandaia.embedded(2) : Jandaia.load(Path.of(args[0]), 2)) {
      CacheQuality quality =
          new CacheQuality(text, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      System.out.println(
          "| type | bytes a token | key error | value error | perplexity | KL, nats | same top |");
      System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
      for (CacheType type : types) {
        System.out.println(quality.row(type));
      }
    }
  }
}
