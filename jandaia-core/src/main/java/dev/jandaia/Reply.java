package dev.jandaia;

import dev.jandaia.generate.FinishReason;
import dev.jandaia.generate.Timings;

/**
 * What a model wrote.
 *
 * @param text without stop texts and end tokens
 * @param tokens the ids it was made of
 * @param reason why there is no more
 * @param timings of prompt and generation
 */
public record Reply(String text, int[] tokens, FinishReason reason, Timings timings) {}
