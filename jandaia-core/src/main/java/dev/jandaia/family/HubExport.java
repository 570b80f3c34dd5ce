package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * Plans the directory of a model.
   *
   * @throws JandaiaException if its family cannot express the model; the message names the first
   *     difference
   */
  public static HubExport of(ModelSpec spec) {
    JsonNode config = HubConfig.write(HubForm.of(spec));
    ModelSpec stored = Families.spec(Config.of("config.json", config));
    Restatement restatement = Restatement.of("config.json of " + stored.family(), spec, stored);
    Family family = Families.of(stored.family());
    Map<String, List<PlannedTensor.Source>> sources = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(stored)) {
      TensorView view =
          family
              .locate(stored, parameter)
              .orElseThrow(() ->
                  new JandaiaException(
                      "%s: parameter %s: this family has no place for it"
                          .formatted(family.name(), parameter.path())));
      shapes.put(view.tensor(), view.storedShape());
      sources
          .computeIfAbsent(view.tensor(), _ -> new ArrayList<>())
          .add(restatement.source(parameter, view));
    }
    List<PlannedTensor> tensors = new ArrayList<>();
    sources.forEach(
        (name, parts) -> tensors.add(new PlannedTensor.Filled(name, shapes.get(name), parts)));
    return new HubExport(config, tensors);
  }
}
