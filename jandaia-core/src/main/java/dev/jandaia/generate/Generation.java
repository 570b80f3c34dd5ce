package dev.jandaia.generate;

import java.util.List;

/**
 * The result of one call.
 *
 * @param completions one for each prompt, in order
 * @param timings of all of them together
 */
public record Generation(List<Completion> completions, Timings timings) {}
