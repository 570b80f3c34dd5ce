/**
 * From one model file to another: checkpoints to GGUF files, quantised on the way, and to other
 * checkpoints with fewer key and value heads, latent attention, or an adapter merged.
 */
package dev.jandaia.convert;
