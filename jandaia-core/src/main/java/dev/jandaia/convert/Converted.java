package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a conversion makes of a model.
 *
 * @param config the new config.json
 * @param tensors the new weights; their values are computed while they are written
 * @param facts what is known of the loss without running the models, a line each
 */
record Converted(ObjectNode config, List<TensorOutput> tensors, List<String> facts) {}
