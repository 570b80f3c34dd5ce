package dev.jandaia.convert;

import dev.jandaia.load.LoadedModel;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Modules for multi-token prediction do not outlive a change of attention: they were made for it.
 */
final class Predictions {
  private static final List<String> FIELDS =
      List.of("num_nextn_predict_layers", "mtp_num_hidden_layers");

  private Predictions() {}

  /** Says in a config that there are none. */
  static void deny(ObjectNode config) {
    for (String field : FIELDS) {
      if (config.has(field)) {
        config.put(field, 0);
      }
    }
  }

  /** Tells that they are left behind. */
  static void note(LoadedModel loaded, List<String> facts) {
    if (loaded.spec().prediction().isPresent()) {
      facts.add("the modules for multi-token prediction are left behind");
    }
  }
}
