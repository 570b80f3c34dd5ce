package dev.jandaia.family;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The header of a GGUF file, as far as an architecture depends on it.
 *
 * @param source the file, for errors
 * @param metadata values by key: integers as Long, floats as Double, then Boolean, String, and
 *     arrays of those as long[], double[], boolean[], lists of strings
 * @param shapes shape of every tensor, outermost first
 * @param floats the values of a small tensor; asked for {@code rope_freqs.weight} alone
 */
public record GgufModel(
    String source,
    Map<String, Object> metadata,
    Map<String, List<Long>> shapes,
    Function<String, Optional<float[]>> floats) {}
