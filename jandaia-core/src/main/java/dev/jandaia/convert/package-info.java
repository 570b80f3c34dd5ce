/** From one kind of model file to another: checkpoints to GGUF files, quantised on the way. */
package dev.jandaia.convert;
