package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.bytes;
import static dev.jandaia.atlas.text.Amounts.si;

import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.DType;
import java.util.List;
import java.util.Locale;

/** Tokens per second that a machine's bandwidth and arithmetic allow: the roofline. */
final class PredictionRows {
  private static final long CONTEXT = Sheet.CONTEXTS.getFirst();

  /** The caches whose bytes make a difference where the context is long. */
  private static final List<CacheType> CACHES =
      List.of(CacheType.BF16, CacheType.Q8, CacheType.TURBO_3_5);

  private PredictionRows() {}

  static Section of(List<Subject> subjects, Machine machine) {
    Rows rows = new Rows(subjects);
    for (DType weights : Sheet.WEIGHTS) {
      rows.add(
          "predicted_decode_%s".formatted(weights.name().toLowerCase(Locale.ROOT)),
          "decode at 4k, weights " + weights,
          "tokens/s",
          subject -> decode(subject, CONTEXT, weights, CacheType.BF16, machine));
    }
    for (long context : Sheet.CONTEXTS.subList(1, Sheet.CONTEXTS.size())) {
      for (CacheType cache : CACHES) {
        rows.add(
            "predicted_decode_bf16_at_%d_cache_%s"
                .formatted(context, cache.name().replace(' ', '_')),
            "decode at %dk, %s".formatted(context >> 10, cache.name()),
            "tokens/s",
            subject -> decode(subject, context, DType.BF16, cache, machine));
      }
    }
    rows.add(
        "predicted_prefill", "prefill of 4k", "tokens/s", subject -> prefill(subject, machine));
    String note =
        ("%sB/s and %sFLOP/s, %s. At most: as if all weights fit into memory and nothing else took"
                + " time. Weights are BF16 where a row names the cache; else that is bf16.")
            .formatted(
                si(machine.bytesPerSecond()), si(machine.flopsPerSecond()), machine.origin());
    return new Section("Predicted tokens/s", note, rows.filled());
  }

  private static Cell decode(
      Subject subject, long context, DType weights, CacheType cache, Machine machine) {
    double moved = DecodeBytes.of(subject.spec()).at(context, weights, cache);
    return rate(1, moved, FlopCount.of(subject.spec()).decode(context), machine);
  }

  private static Cell prefill(Subject subject, Machine machine) {
    double moved = ParameterCount.of(subject.spec()).total() * DecodeBytes.perWeight(DType.BF16);
    return rate(CONTEXT, moved, FlopCount.of(subject.spec()).prefill(CONTEXT), machine);
  }

  private static Cell rate(long tokens, double moved, double flops, Machine machine) {
    double rate = tokens / machine.seconds(moved, flops);
    return Cell.of(
        number(rate),
        rate,
        "%d ÷ max(%s ÷ %sB/s, %sFLOP ÷ %sFLOP/s)"
            .formatted(
                tokens,
                bytes(moved),
                si(machine.bytesPerSecond()),
                si(flops),
                si(machine.flopsPerSecond())));
  }

  static String number(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.2f" : rate < 100 ? "%.1f" : "%,.0f", rate);
  }
}
