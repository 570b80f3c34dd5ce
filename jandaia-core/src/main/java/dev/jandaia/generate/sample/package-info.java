/**
 * From logits to a token: a {@link dev.jandaia.generate.sample.SamplerChain} is an immutable list
 * of steps whose order matters; a {@link dev.jandaia.generate.sample.Sampler} runs it for one
 * sequence.
 *
 * <p>Each step is one record holding its parameters, its formula and its source. The semantics and
 * the defaults are those of llama.cpp's samplers; random numbers are our own, so seeds are not
 * portable between the two. V is the vocabulary size throughout.
 */
package dev.jandaia.generate.sample;
