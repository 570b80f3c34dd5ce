package dev.jandaia.atlas.page;

import dev.jandaia.atlas.CacheSize;
import dev.jandaia.atlas.CacheType;
import dev.jandaia.atlas.DecodeBytes;
import dev.jandaia.atlas.Machine;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.LongStream;

/** The plots of a sheet: what grows with the context, and how fast. */
final class Plots {
  private static final long SHORTEST = 1 << 10;
  private static final long LONGEST = 1 << 20;

  private final Sheet sheet;

  private Plots(Sheet sheet) {
    this.sheet = sheet;
  }

  /** All plots, as pictures. */
  static List<String> of(Sheet sheet) {
    return new Plots(sheet).pictures();
  }

  private interface Quantity {
    /** y for a context. */
    double at(long context);
  }

  private interface Question {
    /** What is asked of a model. */
    Quantity of(ModelSpec spec);
  }

  private List<String> pictures() {
    List<String> pictures = new ArrayList<>();
    pictures.add(bytes("KV cache of one sequence", "cache, bf16", Plots::cache));
    pictures.add(
        bytes("Memory traffic of one decoded token", "bytes moved, bf16 weights", Plots::moved));
    pictures.add(
        chart("Arithmetic of one decoded token", "FLOP per token", 10, Plots::flops, Plots::work));
    sheet
        .machine()
        .ifPresent(machine ->
            pictures.add(
                chart(
                    "Decoding speed at most",
                    label(machine),
                    10,
                    Plots::plain,
                    spec -> rate(spec, machine))));
    return pictures;
  }

  private static String label(Machine machine) {
    return "tokens/s, bf16 weights, at %sB/s and %sFLOP/s"
        .formatted(
            trimmed(Amounts.si(machine.bytesPerSecond())),
            trimmed(Amounts.si(machine.flopsPerSecond())));
  }

  private String bytes(String title, String label, Question question) {
    return chart(title, label, 2, value -> trimmed(Amounts.bytes(value)), question);
  }

  private String chart(
      String title, String label, int base, DoubleFunction<String> format, Question question) {
    List<Curve> curves =
        sheet.subjects().stream().map(subject -> curve(subject, question)).toList();
    return new LineChart(title, "context, tokens", label, base, format, curves).svg();
  }

  private static Curve curve(Subject subject, Question question) {
    Quantity quantity = question.of(subject.spec());
    return new Curve(
        subject.name(),
        LongStream.iterate(SHORTEST, context -> context <= LONGEST, context -> 2 * context)
            .mapToObj(context -> new Curve.Point(context, quantity.at(context)))
            .toList());
  }

  private static Quantity cache(ModelSpec spec) {
    CacheSize cache = CacheSize.of(spec);
    return context -> cache.at(context, CacheType.BF16);
  }

  private static Quantity moved(ModelSpec spec) {
    DecodeBytes moved = DecodeBytes.of(spec);
    return context -> moved.at(context, DType.BF16, CacheType.BF16);
  }

  private static Quantity work(ModelSpec spec) {
    return FlopCount.of(spec)::decode;
  }

  private static Quantity rate(ModelSpec spec, Machine machine) {
    Quantity moved = moved(spec);
    Quantity work = work(spec);
    return context -> 1 / machine.seconds(moved.at(context), work.at(context));
  }

  private static String flops(double value) {
    return trimmed(Amounts.si(value)) + "FLOP";
  }

  private static String plain(double value) {
    return value >= 10
        ? Amounts.grouped(Math.round(value))
        : trimmed(String.format(Locale.ROOT, "%.3f", value));
  }

  /** 1 GiB rather than 1.00 GiB. */
  private static String trimmed(String number) {
    return number.replaceFirst("(\\.\\d*?)0+(?=\\D|$)", "$1").replaceFirst("\\.(?=\\D|$)", "");
  }
}
