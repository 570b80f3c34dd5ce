package dev.jandaia.family;

import java.util.Map;

/**
 * The sliding windows of Qwen2 and Qwen3: switched on by a flag, on the layers of highest index.
 */
final class QwenWindows {
  private static final Map<String, ?> DEFAULTS =
      Map.of("sliding_window", 4096, "max_window_layers", 28);

  private QwenWindows() {}

  /** All types are listed, so that the index of the first layer with a window does not matter. */
  static void write(SpecLayers layers, HubFields config) {
    config.put("use_sliding_window", layers.window().isPresent()).layerTypes(layers);
  }

  /** Layer types from {@code layer_types}, or else from {@code max_window_layers}. */
  static LayerTypes read(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    boolean sliding = config.flag("use_sliding_window", false) && config.has("sliding_window");
    int firstSliding = sliding ? config.integer("max_window_layers") : Integer.MAX_VALUE;
    LayerTypes types = LayerTypes.read(config, layer -> layer >= firstSliding);
    if (!sliding && types.types().contains(LayerTypes.SLIDING)) {
      throw config.bad("layer_types", "no sliding_attention where use_sliding_window is not true");
    }
    return types;
  }
}
