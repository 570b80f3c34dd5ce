package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.bytes;
import static dev.jandaia.atlas.text.Amounts.grouped;
import static dev.jandaia.atlas.text.Amounts.si;

import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.spec.count.LayerCost;
import dev.jandaia.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Arithmetic, and the bytes that pass through memory. */
final class WorkRows {
  private static final String NOTE =
      "A multiply-add is two FLOP; matrix products and attention. Bytes moved per token at 4k and "
          + "more: every active weight once, the bf16 cache read, the new token written.";

  private WorkRows() {}

  static Section of(List<Subject> subjects) {
    Rows rows = new Rows(subjects);
    for (long context : Sheet.CONTEXTS) {
      rows.add(
          "prefill_flops_at_" + context,
          "prefill of %dk".formatted(context >> 10),
          "FLOP",
          subject -> prefill(subject, context));
    }
    for (long context : Sheet.CONTEXTS) {
      rows.add(
          "decode_flops_at_" + context,
          "decode at %dk".formatted(context >> 10),
          "FLOP",
          subject -> decode(subject, context));
    }
    for (DType weights : Sheet.WEIGHTS) {
      rows.add(
          "bytes_moved_%s_at_4096".formatted(weights.name().toLowerCase(Locale.ROOT)),
          "moved at 4k, weights " + weights,
          "B",
          subject -> moved(subject, weights, Sheet.CONTEXTS.getFirst()));
    }
    for (long context : Sheet.CONTEXTS.subList(1, Sheet.CONTEXTS.size())) {
      rows.add(
          "bytes_moved_bf16_at_" + context,
          "moved at %dk, weights BF16".formatted(context >> 10),
          "B",
          subject -> moved(subject, DType.BF16, context));
    }
    return new Section("Work", NOTE, rows.filled());
  }

  private static Cell prefill(Subject subject, long tokens) {
    return cell(
        "Σ layers ((2·weights + state)·T + per key·keys that all T queries see) + head 2·V·C",
        subject,
        FlopCount.of(subject.spec()).prefill(tokens),
        cost -> cost.promptFlops(tokens),
        LayerCost::promptFlopsPerKey);
  }

  private static Cell decode(Subject subject, long position) {
    return cell(
        "Σ layers (2·weights + state + per key·visible keys) + head 2·V·C",
        subject,
        FlopCount.of(subject.spec()).decode(position),
        cost -> cost.decodeFlops(position),
        LayerCost::decodeFlopsPerKey);
  }

  private static Cell cell(
      String rule,
      Subject subject,
      long flops,
      ToLongFunction<LayerCost> ofLayer,
      ToLongFunction<LayerCost> perKey) {
    List<String> working = new ArrayList<>();
    working.add(rule);
    for (LayerKind kind : LayerKind.of(subject.spec())) {
      LayerCost cost = kind.cost();
      working.add(
          "layer %s: %d × %s (weights %s, state %s, per key %s)"
              .formatted(
                  kind.letter(),
                  kind.layers(),
                  grouped(ofLayer.applyAsLong(cost)),
                  grouped(cost.weights()),
                  grouped(cost.stateFlops()),
                  grouped(perKey.applyAsLong(cost))));
    }
    working.add("head: 2 × " + grouped(FlopCount.of(subject.spec()).headWeights()));
    working.add("= " + grouped(flops));
    return Cell.of(si(flops), flops, working);
  }

  private static Cell moved(Subject subject, DType weights, long context) {
    DecodeBytes moved = DecodeBytes.of(subject.spec());
    double total = moved.at(context, weights, CacheType.BF16);
    return Cell.of(
        bytes(total),
        total,
        "%s weights × %s bytes + cache %s"
            .formatted(
                grouped(moved.weights()),
                BlockText.number(DecodeBytes.perWeight(weights)),
                bytes(moved.cache(context, CacheType.BF16))));
  }
}
