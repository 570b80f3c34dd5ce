package dev.jandaia.spec;

/**
 * A dense network and routed experts side by side, each with norms of its own (Gemma 4):
 * norm(dense(pre(x))) + norm(experts(norm(x))). The experts and their router read the residual
 * stream x itself, the dense network what the layer's norm has made of it.
 *
 * @param dense the network that every token visits
 * @param experts the routed ones
 * @param norm after either, and before the experts
 */
public record NormedDenseAndMoe(GatedMlp dense, MixtureOfExperts experts, Norm norm)
    implements FeedForward {}
