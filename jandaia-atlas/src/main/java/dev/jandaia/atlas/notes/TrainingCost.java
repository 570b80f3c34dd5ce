package dev.jandaia.atlas.notes;

import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.Gallery;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.spec.count.FlopCount;
import java.util.Locale;

/**
 * What training took: hours of one GPU, and dollars.
 *
 * @param stage of the training
 * @param gpuHours of all GPUs together
 */
record TrainingCost(String stage, long gpuHours) {
  /** An H800 for an hour, as DeepSeek-V3's report assumes. */
  private static final long DOLLARS_PER_HOUR = 2;

  private static final TrainingCost PRETRAINING = new TrainingCost("pre-training", 2_664_000);
  private static final TrainingCost CONTEXT = new TrainingCost("context extension", 119_000);
  private static final TrainingCost AFTER = new TrainingCost("post-training", 5_000);

  /** Tokens of the pre-training, and of one of its sequences. */
  private static final double TOKENS = 14.8e12;

  private static final int SEQUENCE = 4096;

  /** GPU hours × price, for DeepSeek-V3. */
  static Table table() {
    Table table =
        new Table(
            "What training DeepSeek-V3 cost",
            "arXiv 2412.19437: hours of an H800 at $2.",
            "stage",
            "GPU hours",
            "cost");
    long hours = 0;
    for (TrainingCost cost : new TrainingCost[] {PRETRAINING, CONTEXT, AFTER}) {
      hours += cost.gpuHours;
      table.row(cost.stage, grouped(cost.gpuHours), dollars(cost.gpuHours));
    }
    table.row("all", grouped(hours), dollars(hours));
    FlopCount count = FlopCount.of(Gallery.spec("deepseek-v3"));
    double flops = (double) count.training(SEQUENCE) / SEQUENCE * TOKENS;
    return table.remark(
        ("By our count the pre-training is %.2e FLOP (three forward passes over 14.8T tokens in"
                + " sequences of 4,096), so each GPU did %sFLOP/s.")
            .formatted(flops, Amounts.si(flops / (PRETRAINING.gpuHours * 3600.0))));
  }

  private static String dollars(long hours) {
    return String.format(Locale.ROOT, "$%.3fM", hours * DOLLARS_PER_HOUR / 1e6);
  }
}
