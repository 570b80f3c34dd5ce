/**
 * Executes a {@link dev.jandaia.spec.ModelSpec}: {@link dev.jandaia.model.LanguageModel} is
 * embedding → blocks → final norm → head, and there is one file for each mechanism that a spec can
 * name. A layer asks {@link dev.jandaia.model.Weights} for its parameters by canonical path ({@code
 * blocks.0.mixer.query.weight}) and runs operations of {@code dev.jandaia.op}; whether a gradient
 * is recorded is not its concern.
 *
 * <p>Shapes: M rows of a batch · C hidden width · V vocabulary · H query heads · G key/value heads
 * · D elements per head · F intermediate width · E experts · d_c latent rank.
 */
package dev.jandaia.model;
