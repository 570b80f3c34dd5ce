package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.TokenPrediction;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a Hugging Face directory of a model contains, apart from its tokenizer. The config has been
 * read back and describes the same model, in the conventions of its family: a model that was loaded
 * from a GGUF file gets its rows and norms back as they were published.
 *
 * @param config the config.json
 * @param tensors every tensor
 */
public record HubExport(JsonNode config, List<PlannedTensor> tensors) {
  public HubExport {
    tensors = List.copyOf(tensors);
  }

  /**
   * Plans the directory of a model, modules for further tokens included.
   *
   * @throws JandaiaException if its family cannot express the model; the message names the first
   *     difference
   */
  public static HubExport of(ModelSpec spec) {
    JsonNode config = HubConfig.write(HubForm.of(spec));
    ModelSpec stored = Families.spec(Config.of("config.json", config));
    Plan plan = new Plan(Families.of(stored.family()), stored);
    plan.model(Restatement.of(format(stored), spec, stored));
    if (spec.prediction().isPresent()) {
      requireAsMany(spec, stored);
      String modules = format(stored) + ": prediction";
      plan.modules(Restatement.of(modules, spec.predictionModule(), stored.predictionModule()));
    }
    return new HubExport(config, plan.tensors());
  }

  private static String format(ModelSpec stored) {
    return "config.json of " + stored.family();
  }

  private static void requireAsMany(ModelSpec spec, ModelSpec stored) {
    Optional<Integer> asked = spec.prediction().map(TokenPrediction::numModules);
    Optional<Integer> possible = stored.prediction().map(TokenPrediction::numModules);
    if (!asked.equals(possible)) {
      throw new JandaiaException(
          "%s: prediction.numModules: expected %d, found %d"
              .formatted(format(stored), asked.orElse(0), possible.orElse(0)));
    }
  }

  /** Parameters by the tensors that hold them. */
  private record Plan(
      Family family,
      ModelSpec stored,
      Map<String, List<PlannedTensor.Source>> sources,
      Map<String, List<Long>> shapes) {

    Plan(Family family, ModelSpec stored) {
      this(family, stored, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    void model(Restatement restatement) {
      for (ParameterSpec parameter : Parameters.of(stored)) {
        TensorView view = require(parameter, family.locate(stored, parameter));
        add(view, restatement.source(parameter, view));
      }
    }

    /**
     * @param restatement of one module, a model of its own
     */
    void modules(Restatement restatement) {
      for (ParameterSpec parameter : Parameters.ofPrediction(stored)) {
        Optional<TensorView> place =
            family.predictionCandidates(stored, parameter).stream().findFirst();
        TensorView view = require(parameter, place);
        String inModule = parameter.path().replaceFirst("^prediction\\.\\d+\\.", "");
        add(view, restatement.source(parameter, inModule, view));
      }
      family
          .predictionCopies(stored)
          .forEach((name, path) -> {
            ParameterSpec parameter = Parameters.of(stored, path);
            TensorView view = TensorView.whole(name, parameter.shape());
            add(view, restatement.source(parameter, view));
          });
    }

    private TensorView require(ParameterSpec parameter, Optional<TensorView> place) {
      return place.orElseThrow(() ->
          new JandaiaException(
              "%s: parameter %s: this family has no place for it"
                  .formatted(family.name(), parameter.path())));
    }

    private void add(TensorView view, PlannedTensor.Source source) {
      shapes.put(view.tensor(), view.storedShape());
      sources.computeIfAbsent(view.tensor(), _ -> new ArrayList<>()).add(source);
    }

    List<PlannedTensor> tensors() {
      List<PlannedTensor> tensors = new ArrayList<>();
      sources.forEach(
          (name, parts) -> tensors.add(new PlannedTensor.Filled(name, shapes.get(name), parts)));
      return tensors;
    }
  }
}
