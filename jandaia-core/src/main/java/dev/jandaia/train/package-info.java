/**
 * Learning: a random start, plain AdamW, and a loop that can be stopped and continued exactly. The
 * forward and backward passes are those of {@code dev.jandaia.model}; nothing here knows an
 * architecture.
 */
package dev.jandaia.train;
