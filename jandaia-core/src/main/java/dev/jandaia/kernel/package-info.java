/**
 * The arithmetic under every operation. {@link dev.jandaia.kernel.Kernels} is the interface; {@code
 * ScalarKernels} the readable oracle; {@code VectorKernels} the fast twin, whose products of many
 * rows go {@code WeightProduct} → {@code PanelProduct} → {@code MatrixTile}, and whose products of
 * one row read each encoding in its own {@code Rows…} file. {@link dev.jandaia.kernel.Workers}
 * splits loops over threads.
 */
package dev.jandaia.kernel;
