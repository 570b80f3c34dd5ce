/**
 * From logits to completions: sampling, the decode loop, stop texts. Token ids only, but for {@link
 * dev.jandaia.generate.StopText}.
 */
package dev.jandaia.generate;
