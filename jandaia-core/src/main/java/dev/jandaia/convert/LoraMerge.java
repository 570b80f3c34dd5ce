package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds an adapter to the weights it was trained for: W' = W + s·B·A (2106.09685), then with DoRA
 * (2402.09353) each row at its learned length, W'_o = m_o·W'_o/‖W'_o‖. Works on stored tensors by
 * name, and so on models of any family.
 */
final class LoraMerge {
  private final WeightSource base;
  private final LoraAdapter adapter;
  private final Storage storage;

  LoraMerge(WeightSource base, LoraAdapter adapter, Storage storage) {
    this.base = base;
    this.adapter = adapter;
    this.storage = storage;
  }

  Converted merge(ObjectNode config) {
    Map<String, String> modules = new HashMap<>();
    adapter.updates().keySet().forEach(module -> modules.put(module + ".weight", module));
    requireTargets(modules);
    List<TensorOutput> outputs = new ArrayList<>();
    for (Tensor tensor : base.tensors().values()) {
      String module = modules.get(tensor.name());
      Tensor replacement = adapter.replaced().get(tensor.name());
      if (module != null) {
        requireShape(tensor, module);
        outputs.add(
            storage.computed(
                tensor.name(), tensor.shape(), tensor.dtype(), () -> merged(tensor, module)));
      } else if (replacement != null) {
        requireEqualShape(tensor, replacement);
        outputs.add(
            storage.computed(
                tensor.name(),
                tensor.shape(),
                tensor.dtype(),
                () -> BlockCodec.floats(replacement)));
      } else {
        outputs.add(storage.stored(tensor));
      }
    }
    List<String> facts = new ArrayList<>();
    facts.add(
        "merged %d matrices, replaced %d tensors"
            .formatted(adapter.updates().size(), adapter.replaced().size()));
    facts.add(rounding());
    return new Converted(config, outputs, facts);
  }

  private void requireTargets(Map<String, String> modules) {
    TreeSet<String> wanted = new TreeSet<>(modules.keySet());
    wanted.addAll(adapter.replaced().keySet());
    for (String name : wanted) {
      if (!base.tensors().containsKey(name)) {
        throw new JandaiaException(
            "%s: is for a tensor %s, which %s has not (a head that is tied cannot be merged)"
                .formatted(adapter.origin(), name, base.origin()));
      }
    }
  }

  private void requireShape(Tensor weight, String module) {
    LoraAdapter.Update update = adapter.updates().get(module);
    long in = update.a().shape().dim(1);
    long out = update.b().shape().dim(0);
    boolean swapped = isSwapped(update);
    boolean fits =
        weight.shape().rank() == 2
            && weight.shape().dim(0) == (swapped ? in : out)
            && weight.shape().dim(1) == (swapped ? out : in)
            && update.magnitude().map(m -> m.shape().elements() == out).orElse(true);
    if (!fits) {
      throw new JandaiaException(
          "%s: module %s: expected an update of %s, found [%d, r]·[r, %d]"
              .formatted(adapter.origin(), module, weight.shape(), out, in));
    }
  }

  private void requireEqualShape(Tensor weight, Tensor replacement) {
    if (!weight.shape().equals(replacement.shape())) {
      throw new JandaiaException(
          "%s: tensor %s: expected shape %s, found %s"
              .formatted(
                  adapter.origin(), replacement.name(), weight.shape(), replacement.shape()));
    }
  }

  /** Tables of embeddings, and weights stored {@code [in, out]}. */
  private boolean isSwapped(LoraAdapter.Update update) {
    return update.embedding() || adapter.config().inputsFirst();
  }

  private float[] merged(Tensor weight, String module) {
    LoraAdapter.Update update = adapter.updates().get(module);
    int rank = adapter.config().rank(module);
    int in = (int) update.a().shape().dim(1);
    int out = (int) update.b().shape().dim(0);
    boolean swapped = isSwapped(update);
    float[] a = BlockCodec.floats(update.a());
    float[] b = BlockCodec.floats(update.b());
    float[] w = BlockCodec.floats(weight);
    Optional<float[]> magnitude = update.magnitude().map(BlockCodec::floats);
    double scale = adapter.config().scale(module);
    double[] row = new double[in];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int r = 0; r < rank; r++) {
          sum += (double) b[o * rank + r] * a[r * in + i];
        }
        row[i] = w[swapped ? i * out + o : o * in + i] + scale * sum;
      }
      double gain = gain(magnitude, row, o);
      for (int i = 0; i < in; i++) {
        w[swapped ? i * out + o : o * in + i] = (float) (gain * row[i]);
      }
    }
    return w;
  }

  private static double gain(Optional<float[]> magnitude, double[] row, int o) {
    if (magnitude.isEmpty()) {
      return 1;
    }
    double squares = 0;
    for (double value : row) {
      squares += value * value;
    }
    return magnitude.get()[o] / Math.sqrt(squares);
  }

  /** What rounding to the stored type takes from the update: ‖round(W') − W'‖ to ‖W' − W‖. */
  private String rounding() {
    double lost = 0;
    double moved = 0;
    for (String module : adapter.updates().keySet()) {
      Tensor before = base.tensors().get(module + ".weight");
      float[] old = BlockCodec.floats(before);
      float[] exact = merged(before, module);
      float[] rounded = storage.rounded(exact, before.dtype());
      for (int i = 0; i < exact.length; i++) {
        lost += Math.pow((double) rounded[i] - exact[i], 2);
        moved += Math.pow((double) exact[i] - old[i], 2);
      }
    }
    return String.format(
        Locale.ROOT,
        "rounding lost %.3g of the update (relative norm)",
        moved == 0 ? 0 : Math.sqrt(lost / moved));
  }
}
