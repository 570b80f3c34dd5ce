package dev.jandaia.convert;

import java.nio.file.Path;
import java.util.OptionalInt;

/** What {@link DirectoryConversion} does to a model. */
public sealed interface Conversion {

  /** Nothing but another type, or other shards. */
  record Unchanged() implements Conversion {}

  /**
   * Fewer key and value heads (2305.13245): each new one is the mean of those it replaces. A start
   * for further training, not a finished model.
   *
   * @param numKvHeads of the new model; divides the old number
   */
  record PoolHeads(int numKvHeads) implements Conversion {}

  /**
   * Multi-head latent attention in place of shared heads; {@link LatentFactors} tells how.
   *
   * @param rank of the latent, at most that of the joint projection
   * @param ropeDim elements of the shared key that keeps positions; empty for all there are, which
   *     loses nothing
   */
  record Latent(int rank, OptionalInt ropeDim) implements Conversion {}

  /**
   * The update of a LoRA adapter (2106.09685) added to the weights.
   *
   * @param adapter directory with {@code adapter_config.json} and {@code adapter_model.safetensors}
   */
  record MergeLora(Path adapter) implements Conversion {}
}
