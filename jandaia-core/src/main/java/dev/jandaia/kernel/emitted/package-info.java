/**
 * Kernels as machine code that Java writes: weights repacked so that one register holds four
 * columns of sixteen rows, activations rounded to bytes, and products by the processor's integer
 * dot products. One file per encoding and one per kernel generator.
 */
package dev.jandaia.kernel.emitted;
