package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published family of models: how its config.json becomes a spec, and how its checkpoints on the
 * Hugging Face hub name the parameters. Parameter paths are those of {@link
 * dev.jandaia.spec.count.Parameters}.
 */
public interface Family {
  /** The family's name, {@code model_type} of its config.json and {@link ModelSpec#family}. */
  String name();

  /** The class of transformers that runs it, which {@code architectures} names. */
  String architecture();

  /** Further values of {@code model_type} that mean the same architecture. */
  default List<String> aliases() {
    return List.of();
  }

  /**
   * The architecture that a config describes.
   *
   * @throws dev.jandaia.tensor.JandaiaException if a field is missing or ill-typed, or asks for
   *     something that the family's executors do not compute
   */
  ModelSpec spec(Config config);

  /**
   * Writes the fields of a config, the way back of {@link #spec(Config)}. What the family cannot
   * express is left out: {@link HubConfig#of} reads the config back and refuses such a spec.
   */
  void write(ModelSpec spec, HubFields config);

  /**
   * Where a checkpoint as the family writes it keeps a parameter; empty when the family has no
   * place for it.
   */
  Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter);

  /** {@link #locate(ModelSpec, ParameterSpec)} for a single path; loops pass the parameter. */
  default Optional<TensorView> locate(ModelSpec spec, String path) {
    return locate(spec, Parameters.of(spec, path));
  }

  /**
   * Every place where published checkpoints keep a parameter, the most common first. A loader takes
   * the first whose tensor exists; {@link #locate} is the one to write.
   */
  default List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return locate(spec, parameter).stream().toList();
  }

  /**
   * Where published checkpoints keep a parameter of the modules for further tokens, {@link
   * Parameters#ofPrediction}, the one to write first; empty for a family without such modules.
   */
  default List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return List.of();
  }

  /**
   * Parameters of the model that published checkpoints keep once more with each module for further
   * tokens: paths by the names of the copies. A loader leaves the copies alone, for they are the
   * model's own; other programs expect them.
   */
  default Map<String, String> predictionCopies(ModelSpec spec) {
    return Map.of();
  }

  /**
   * Whether a stored tensor that no parameter needs is known to be safe to leave out: masks and
   * tables that follow from the spec, parts of a larger model that text generation does not use.
   */
  default boolean isSurplus(ModelSpec spec, String tensor) {
    return tensor.endsWith(".rotary_emb.inv_freq")
        || (spec.head().tied() && tensor.endsWith("lm_head.weight"));
  }
}
