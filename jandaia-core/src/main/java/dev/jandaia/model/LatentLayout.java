package dev.jandaia.model;

import dev.jandaia.op.CopyColumns.Groups;
import dev.jandaia.op.HeadBands.Band;
import dev.jandaia.spec.LatentAttention;

/**
 * Where the parts of latent attention lie in its matrices. Made once per layer, so that decoding
 * allocates nothing.
 *
 * @param start column 0, once: a whole matrix, or the latent of a remembered row
 * @param sharedKey the RoPE key of a remembered row, for every head
 * @param upKeys the key part of each head in the expanded latents
 * @param upValues the value part of each head in the expanded latents
 * @param nope the part of each query or key head without position
 * @param rope the rotated part of each query or key head
 * @param values the value heads
 * @param latentRope the rotated part of each query head in latent space
 * @param keyBand the rows of the up-projection that make a head's key
 * @param valueBand the rows of the up-projection that make a head's value
 */
record LatentLayout(
    Groups start,
    Groups sharedKey,
    Groups upKeys,
    Groups upValues,
    Groups nope,
    Groups rope,
    Groups values,
    Groups latentRope,
    Band keyBand,
    Band valueBand) {

  static LatentLayout of(LatentAttention spec) {
    int nope = spec.nopeDim();
    int step = nope + spec.valueDim();
    return new LatentLayout(
        new Groups(0, 0),
        new Groups(spec.kvRank(), 0),
        new Groups(0, step),
        new Groups(nope, step),
        new Groups(0, spec.queryKeyDim()),
        new Groups(nope, spec.queryKeyDim()),
        new Groups(0, spec.valueDim()),
        new Groups(spec.kvRank(), spec.cachedDim()),
        new Band(0, step, nope),
        new Band(nope, step, spec.valueDim()));
  }
}
