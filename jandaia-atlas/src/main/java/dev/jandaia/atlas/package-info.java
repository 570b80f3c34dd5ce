/**
 * Models side by side: what each is made of, everything that can be counted without running it, and
 * what this machine makes of it.
 *
 * <p>A {@link dev.jandaia.atlas.Subject} is a model to compare; a {@link dev.jandaia.atlas.Sheet}
 * holds the counts of several, each with its working. The sub-packages write a sheet as text
 * ({@code text}) or as a page with diagrams and plots ({@code page}); {@code notes} reproduces
 * published tables.
 */
package dev.jandaia.atlas;
