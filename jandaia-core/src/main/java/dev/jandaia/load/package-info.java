/**
 * From files to a running model and back: opens a checkpoint, finds each parameter of its spec
 * among the stored tensors, and arranges values by parameter as the tensors of a family.
 *
 * <p>Shapes are those of the spec's parameters: a matrix is {@code [out, in]}, row-major.
 */
package dev.jandaia.load;
