package dev.jandaia.spec.count;

import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Router;

/** The parameters of each kind of feed-forward part. */
final class FeedForwardParameters {
  private FeedForwardParameters() {}

  static void add(ParameterList list, FeedForward feedForward, int hiddenSize) {
    switch (feedForward) {
      case Mlp mlp -> {
        list.linear("up", mlp.intermediateSize(), hiddenSize, mlp.bias());
        list.linear("down", hiddenSize, mlp.intermediateSize(), mlp.bias());
      }
      case GatedMlp mlp -> gated(list, mlp, hiddenSize);
      case MixtureOfExperts moe -> experts(list, moe, hiddenSize);
      case NormedDenseAndMoe both -> {
        gated(list.at("dense"), both.dense(), hiddenSize);
        list.norm("densePostNorm", both.norm(), hiddenSize);
        list.norm("moeNorm", both.norm(), hiddenSize);
        experts(list.at("moe"), both.experts(), hiddenSize);
        list.norm("moePostNorm", both.norm(), hiddenSize);
      }
      case DenseAndMoe both -> {
        gated(list.at("dense"), both.dense(), hiddenSize);
        experts(list.at("moe"), both.experts(), hiddenSize);
      }
    }
  }

  private static void gated(ParameterList list, GatedMlp mlp, int hiddenSize) {
    list.linear("gate", mlp.intermediateSize(), hiddenSize, mlp.bias());
    list.linear("up", mlp.intermediateSize(), hiddenSize, mlp.bias());
    list.linear("down", hiddenSize, mlp.intermediateSize(), mlp.bias());
  }

  private static void experts(ParameterList list, MixtureOfExperts moe, int hiddenSize) {
    Router router = moe.router();
    list.norm("router.norm", router.inputNorm(), hiddenSize);
    list.linear("router", moe.numExperts(), hiddenSize, router.bias());
    if (router.correctionBias()) {
      list.addAdjusted("router.correction", moe.numExperts());
    }
    router
        .tokenTable()
        .ifPresent(table -> list.addTable("router.experts", table.vocabSize(), router.topK()));
    if (router.expertScale()) {
      list.add("router.expertScale", moe.numExperts());
    }
    for (int expert = 0; expert < moe.numExperts(); expert++) {
      gated(list.at("experts." + expert), moe.expert(), hiddenSize);
    }
    moe.shared().ifPresent(shared -> gated(list.at("shared"), shared, hiddenSize));
    if (moe.sharedGate()) {
      list.linear("sharedGate", 1, hiddenSize, false);
    }
  }
}
