/** Micro-benchmarks and measurements; nothing depends on this module. */
package dev.jandaia.bench;
