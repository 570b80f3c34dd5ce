package dev.jandaia.spec.count;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.QkNorm;

/** The parameters of each kind of mixer. */
final class MixerParameters {
  private MixerParameters() {}

  static void add(ParameterList list, Mixer mixer, int hiddenSize) {
    switch (mixer) {
      case GroupedQueryAttention attention -> grouped(list, attention, hiddenSize);
      case LatentAttention attention -> latent(list, attention, hiddenSize);
      case CompressedAttention attention -> CompressedParameters.add(list, attention, hiddenSize);
      case GatedDeltaNet deltaNet -> RecurrentParameters.add(list, deltaNet, hiddenSize);
      case KimiDeltaAttention kimiDelta -> RecurrentParameters.add(list, kimiDelta, hiddenSize);
      case LightningAttention lightning -> RecurrentParameters.add(list, lightning, hiddenSize);
    }
  }

  private static void grouped(ParameterList list, GroupedQueryAttention attention, int hiddenSize) {
    int queryWidth = attention.queryWidth();
    int keyValueWidth = attention.keyValueWidth();
    list.linear("query", queryWidth, hiddenSize, attention.inputBias());
    boolean ownKeys = !(attention.keyValues() instanceof KeyValues.OfLayer);
    if (ownKeys) {
      list.linear("key", keyValueWidth, hiddenSize, attention.inputBias());
    }
    if (attention.keyValues() instanceof KeyValues.Projected) {
      list.linear("value", keyValueWidth, hiddenSize, attention.inputBias());
    }
    headNorm(list, "queryNorm", attention, queryWidth);
    if (ownKeys) {
      headNorm(list, "keyNorm", attention, keyValueWidth);
      list.norm("valueNorm", attention.valueNorm(), attention.headDim());
    }
    if (attention.qkNorm() instanceof QkNorm.UnitLength(boolean learned) && learned) {
      list.add("scoreNorm.weight", 1);
    }
    if (attention.outputGate()) {
      list.linear("gate", queryWidth, hiddenSize, attention.inputBias());
    }
    if (attention.sinks()) {
      list.add("sinks", attention.numHeads());
    }
    list.linear("output", hiddenSize, queryWidth, attention.outputBias());
  }

  private static void headNorm(
      ParameterList list, String path, GroupedQueryAttention attention, int width) {
    switch (attention.qkNorm()) {
      case QkNorm.None() -> {}
      case QkNorm.PerHead(var norm) -> list.norm(path, norm, attention.headDim());
      case QkNorm.Rotated(var norm) -> list.norm(path, norm, attention.headDim());
      case QkNorm.Whole(var norm) -> list.norm(path, norm, width);
      case QkNorm.UnitLength _ -> {}
    }
  }

  private static void latent(ParameterList list, LatentAttention attention, int hiddenSize) {
    int heads = attention.numHeads();
    int queryWidth = heads * attention.queryKeyDim();
    if (attention.queryRank() == 0) {
      list.linear("query", queryWidth, hiddenSize, false);
    } else {
      list.linear("queryDown", attention.queryRank(), hiddenSize, attention.inputBias());
      list.norm("queryDownNorm", attention.latentNorm(), attention.queryRank());
      list.linear("queryUp", queryWidth, attention.queryRank(), false);
    }
    attention.indexer().ifPresent(indexer -> indexer(list, indexer, attention, hiddenSize));
    list.linear("latentDown", attention.cachedDim(), hiddenSize, attention.inputBias());
    list.norm("latentNorm", attention.latentNorm(), attention.kvRank());
    int upWidth = heads * (attention.nopeDim() + attention.valueDim());
    list.linear("latentUp", upWidth, attention.kvRank(), false);
    list.linear("output", hiddenSize, heads * attention.valueDim(), attention.outputBias());
  }

  private static void indexer(
      ParameterList list, Indexer indexer, LatentAttention attention, int hiddenSize) {
    ParameterList inner = list.at("indexer");
    int heads = indexer.numHeads();
    inner.linear("query", heads * indexer.headDim(), attention.queryRank(), false);
    inner.linear("key", indexer.headDim(), hiddenSize, false);
    inner.norm("keyNorm", indexer.keyNorm(), indexer.headDim());
    inner.linear("headWeights", heads, hiddenSize, false);
  }
}
