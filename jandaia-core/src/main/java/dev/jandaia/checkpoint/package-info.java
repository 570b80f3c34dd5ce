/**
 * Weights on disk: safetensors files, Hugging Face directories and GGUF files as {@link
 * dev.jandaia.checkpoint.WeightSource}s, mapped and not copied, and writers for both formats. Every
 * number that a file claims is checked against the bytes that are there before it is believed.
 */
package dev.jandaia.checkpoint;
