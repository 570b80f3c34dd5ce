/**
 * How the elements of every {@link dev.jandaia.tensor.DType} become bytes and floats again. This is
 * the readable truth that faster kernels are tested against; a format has a file named as the type
 * without the underscore. In the comments, {@code d} and {@code m} are a block's scale and minimum,
 * {@code q} the small integers, {@code e} the index of an element in its block.
 */
package dev.jandaia.tensor.block;
