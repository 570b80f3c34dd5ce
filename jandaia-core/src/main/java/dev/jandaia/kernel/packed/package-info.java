/** What kernels share that repack weights when they are first used. */
package dev.jandaia.kernel.packed;
