package dev.jandaia.family;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.ModelSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which layers read the keys and values of an earlier one: the last {@code num_kv_shared_layers},
 * each those of the last layer of its type before them.
 *
 * @param first index of the first such layer; the number of layers where there is none
 */
record LayerSharing(int first, LayerTypes types, Config config) {
  private static final Pattern OWN =
      Pattern.compile("model\\.(?:.*\\.)?layers\\.(\\d+)\\.self_attn\\.[kv]_(?:proj|norm)\\..*");

  static LayerSharing read(Config config, LayerTypes types) {
    int numLayers = types.types().size();
    int shared = config.integer("num_kv_shared_layers");
    if (shared < 0 || shared >= numLayers) {
      throw config.bad("num_kv_shared_layers", "a number from 0 to " + (numLayers - 1));
    }
    return new LayerSharing(numLayers - shared, types, config);
  }

  boolean isShared(int layer) {
    return layer >= first;
  }

  /** Where a layer that shares finds its keys and values. */
  KeyValues source(int layer) {
    int source = types.types().subList(0, first).lastIndexOf(types.type(layer));
    if (source < 0) {
      throw config.bad(
          "num_kv_shared_layers", "a layer of type %s before them".formatted(types.type(layer)));
    }
    return new KeyValues.OfLayer(source);
  }

  /** Whether a tensor belongs to projections that a layer which shares no longer uses. */
  static boolean isSurplus(ModelSpec spec, String tensor) {
    Matcher own = OWN.matcher(tensor);
    return own.matches()
        && Integer.parseInt(own.group(1)) < spec.numLayers()
        && spec.blocks().get(Integer.parseInt(own.group(1))).mixer()
            instanceof GroupedQueryAttention attention
        && attention.keyValues() instanceof KeyValues.OfLayer;
  }
}
