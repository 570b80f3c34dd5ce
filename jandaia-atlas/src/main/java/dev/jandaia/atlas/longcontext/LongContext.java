package dev.jandaia.atlas.longcontext;

import dev.jandaia.atlas.DecodeBytes;
import dev.jandaia.atlas.Machine;
import dev.jandaia.atlas.MachineProbe;
import dev.jandaia.atlas.RandomContext;
import dev.jandaia.atlas.RandomWeights;
import dev.jandaia.atlas.page.ChartFile;
import dev.jandaia.atlas.page.Curve;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.FlopCount;
import dev.jandaia.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a token costs after ever longer contexts and sets it beside what the counting rules
 * say: bytes over the machine's bandwidth or operations over its rate, whichever takes longer.
 */
public final class LongContext {
  private static final int SHORTEST = 1 << 10;
  private static final int LONGEST = 1 << 17;
  private static final int WARM_UP = 12;
  private static final int TOKENS = 9;

  private final Compute compute;
  private final Machine machine;

  private LongContext(Compute compute, Machine machine) {
    this.compute = compute;
    this.machine = machine;
  }

  /** What one mechanism takes after one context. */
  private record Cost(
      int context, double seconds, double predictedSeconds, long bytes, long countedBytes) {}

  private List<Cost> costs(Mechanism mechanism) {
    try (Arena arena = Arena.ofShared()) {
      LanguageModel model =
          new LanguageModel(mechanism.spec(), new RandomWeights(compute.kernels(), arena));
      List<Cost> costs = new ArrayList<>();
      seconds(model, RandomContext.of(model.spec(), CacheType.F32, SHORTEST), 10 * WARM_UP);
      for (int context = SHORTEST; context <= LONGEST; context *= 2) {
        SequenceCache cache = RandomContext.of(model.spec(), CacheType.F32, context);
        double bytes =
            DecodeBytes.of(model.spec()).at(context, DType.BF16, dev.jandaia.atlas.CacheType.F32);
        costs.add(
            new Cost(
                context,
                seconds(model, cache, WARM_UP),
                machine.seconds(bytes, FlopCount.of(model.spec()).decode(context)),
                cache.bytes(),
                (long) CacheCount.of(model.spec()).bytesAt(context, Float.BYTES)));
      }
      return costs;
    }
  }

  /** The median of some tokens. */
  private double seconds(LanguageModel model, SequenceCache cache, int warmUp) {
    Batch batch = new Batch();
    long[] nanos = new long[TOKENS];
    for (int i = -warmUp; i < TOKENS; i++) {
      long start = System.nanoTime();
      int mark = compute.mark();
      batch.clear();
      batch.add(cache, 1);
      model.nextTokenLogits(compute, batch);
      compute.release(mark);
      nanos[Math.max(0, i)] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[TOKENS / 2] / 1e9;
  }

  private static String row(Mechanism mechanism, Cost cost) {
    return String.format(
        Locale.ROOT,
        "| %s | %dk | %.2f | %.2f | %s | %s |",
        mechanism.name(),
        cost.context() >> 10,
        1e3 * cost.seconds(),
        1e3 * cost.predictedSeconds(),
        Amounts.bytes(cost.bytes()),
        Amounts.bytes(cost.countedBytes()));
  }

  private interface Quantity {
    double of(Cost cost);
  }

  private static List<Curve> curves(
      List<Mechanism> mechanisms, List<List<Cost>> costs, Quantity quantity) {
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < mechanisms.size(); i++) {
      curves.add(
          new Curve(
              mechanisms.get(i).name(),
              costs.get(i).stream()
                  .map(cost -> new Curve.Point(cost.context(), quantity.of(cost)))
                  .toList()));
    }
    return curves;
  }

  /** Writes the plot to the file that the argument names, and a Markdown table to the output. */
  public static void main(String[] args) throws IOException {
    try (Workers workers = Workers.of(Runtime.getRuntime().availableProcessors())) {
      Machine machine = MachineProbe.measure(Kernels.best(), workers);
      LongContext measurement = new LongContext(new Compute(Kernels.best(), workers), machine);
      List<Mechanism> mechanisms = Mechanism.all();
      List<List<Cost>> costs = mechanisms.stream().map(measurement::costs).toList();
      System.out.printf(
          "%sB/s and %sFLOP/s, %s%n%n",
          Amounts.si(machine.bytesPerSecond()),
          Amounts.si(machine.flopsPerSecond()),
          machine.origin());
      System.out.println("| layers | context | ms a token | counted | memory | counted |");
      System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
      for (int i = 0; i < mechanisms.size(); i++) {
        for (Cost cost : costs.get(i)) {
          System.out.println(row(mechanisms.get(i), cost));
        }
      }
      String picture =
          ChartFile.of(
              ChartFile.chart(
                  "Measured", "ms a token", curves(mechanisms, costs, c -> 1e3 * c.seconds())),
              ChartFile.chart(
                  "Counted: at least",
                  "ms a token",
                  curves(mechanisms, costs, c -> 1e3 * c.predictedSeconds())),
              ChartFile.chart(
                  "Memory", "MB, f32", curves(mechanisms, costs, c -> c.bytes() / 1e6)));
      Files.writeString(Path.of(args[0]), picture);
    }
  }
}
