/**
 * Differentiable operations, one file each, forward and backward side by side. Without a recording
 * {@link dev.jandaia.op.Compute} an operation just computes; with one it also records its backward
 * step, which <em>adds</em> to the gradients of its inputs.
 *
 * <p>Shapes, all f32 and row-major: M rows of a batch (the tokens of all its sequences, one after
 * another, without padding) · C width of a row · V vocabulary · H query heads · G key/value heads ·
 * D elements per head · F intermediate width · E experts.
 */
package dev.jandaia.op;
