/**
 * What attention remembers of a sequence, layer by layer: keys and values per head, or the latents
 * of MLA, each complete or as a ring for sliding windows; {@link dev.jandaia.cache.RecurrentCache}
 * for the states of linear attention. Callers append rows and ask for the scores of queries and for
 * weighted sums of values by position; the layout stays behind the interface.
 *
 * <p>Shapes, all f32: M appended rows · G key/value heads · D elements per head · d_c latent rank.
 */
package dev.jandaia.cache;
