/**
 * What attention remembers of a sequence, layer by layer: {@link dev.jandaia.cache.HeadCache} for
 * keys and values per head, {@link dev.jandaia.cache.LatentCache} for the latents of MLA, each
 * complete or as a ring for sliding windows; {@link dev.jandaia.cache.RecurrentCache} for the
 * states of linear attention. Callers append rows and ask for scores and weighted sums by position;
 * the layout stays behind the interface.
 *
 * <p>Shapes, all f32: M appended rows · G key/value heads · D elements per head · d_c latent rank.
 */
package dev.jandaia.cache;
