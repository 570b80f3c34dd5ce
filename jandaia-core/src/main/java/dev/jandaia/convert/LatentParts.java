package dev.jandaia.convert;

import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.Optional;

/**
 * Which models {@link LatentFactors} can convert, and as what they are published. What has no place
 * in latent attention as it is published is refused, by field.
 *
 * @param origin named in errors
 */
record LatentParts(String origin, ModelSpec from) {

  /** The attention of every layer. */
  GroupedQueryAttention attention() {
    for (int i = 0; i < from.numLayers(); i++) {
      String at = "blocks[%d].mixer".formatted(i);
      if (!(mixer(i) instanceof GroupedQueryAttention attention)) {
        throw bad(at, "grouped-query attention", mixer(i).getClass().getSimpleName(), "");
      }
      requirePlain(at, attention);
      if (!attention.equals(mixer(0))) {
        throw bad(at, "that of blocks[0], for one config states all layers", "another", "");
      }
    }
    return (GroupedQueryAttention) mixer(0);
  }

  private Mixer mixer(int layer) {
    return from.blocks().get(layer).mixer();
  }

  private void requirePlain(String at, GroupedQueryAttention found) {
    if (!(found.qkNorm() instanceof QkNorm.None)) {
      throw bad(
          at + ".qkNorm",
          "None",
          found.qkNorm().getClass().getSimpleName(),
          ": a key is divided by its own length after its projection, by another number for each"
              + " token and head, and no product of low-rank matrices does that");
    }
    if (!(found.span() instanceof Span.Full)) {
      throw bad(
          at + ".span",
          "Full",
          found.span().toString(),
          ": no config.json of latent attention has a window");
    }
    if (found.sinks()) {
      throw bad(
          at + ".sinks",
          "false",
          "true",
          ": no checkpoint of latent attention has a place for them");
    }
    boolean known =
        found.position() instanceof Position.Rotary rotary
            && rotary.pairing() != Position.Pairing.HALVES_REVERSED
            && !(rotary.scaling() instanceof RopeScaling.LongRope)
            && !(rotary.scaling() instanceof RopeScaling.Proportional);
    if (!known) {
      throw bad(
          at + ".position", "RoPE with one set of frequencies", found.position().toString(), "");
    }
    requireNothingElse(at, found);
  }

  /** Soft caps, gates, clips, and whatever else attention may have. */
  private void requireNothingElse(String at, GroupedQueryAttention found) {
    GroupedQueryAttention plain =
        GroupedQueryAttention.of(
                found.numHeads(), found.numKvHeads(), found.headDim(), found.position())
            .withScale(found.scale())
            .withBias(found.inputBias(), found.outputBias());
    SpecDiff.first(found, plain)
        .ifPresent(difference -> {
          throw new JandaiaException(
              "%s: latent attention: %s.%s (found, expected)".formatted(origin, at, difference));
        });
  }

  /** The family that has such feed-forward parts beside latent attention. */
  String family() {
    boolean softmax =
        from.blocks().stream()
            .flatMap(block -> MixtureOfExperts.in(block.feedForward()).stream())
            .anyMatch(moe -> !moe.router().correctionBias());
    return softmax ? "mistral4" : "deepseek_v3";
  }

  /** A feed-forward part in the words of that family: one group of experts is none. */
  static FeedForward feedForward(FeedForward old) {
    if (!(old instanceof MixtureOfExperts moe)
        || moe.router().groups().count() > 1
        || moe.router().tokenTable().isPresent()) {
      return old;
    }
    Router router = moe.router();
    Router.Groups one = new Router.Groups(1, 1, Router.GroupScore.TOP_TWO);
    return new MixtureOfExperts(
        moe.numExperts(),
        new Router(
            router.topK(),
            router.scoring(),
            router.bias(),
            router.correctionBias(),
            one,
            router.renormalise(),
            router.scale(),
            router.softCap(),
            router.inputNorm(),
            router.inputScale(),
            router.expertScale(),
            Optional.empty()),
        moe.expert(),
        moe.shared(),
        moe.sharedGate(),
        moe.weighting());
  }

  JandaiaException bad(String field, String expected, Object found, String why) {
    return new JandaiaException(
        "%s: latent attention: %s: expected %s, found %s%s"
            .formatted(origin, field, expected, found, why));
  }
}
