package dev.jandaia.spec.count;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.Norm;

/** The parameters of DeepSeek-V4's attention. */
final class CompressedParameters {
  private CompressedParameters() {}

  static void add(ParameterList list, CompressedAttention attention, int hiddenSize) {
    int dim = attention.headDim();
    list.linear("queryDown", attention.queryRank(), hiddenSize, false);
    list.norm("queryDownNorm", attention.latentNorm(), attention.queryRank());
    list.linear("queryUp", attention.queryWidth(), attention.queryRank(), false);
    list.norm("queryNorm", attention.queryNorm(), dim);
    list.linear("key", dim, hiddenSize, false);
    list.norm("keyNorm", attention.latentNorm(), dim);
    attention
        .compression()
        .ifPresent(compression -> {
          entries(list.at("compressor"), compression, compression.norm(), dim, hiddenSize);
          compression
              .indexer()
              .ifPresent(own ->
                  indexer(list.at("indexer"), own, compression, attention.queryRank(), hiddenSize));
        });
    list.add("sinks", attention.numHeads());
    int narrow = attention.outputGroups() * attention.outputRank();
    list.linear("outputDown", narrow, attention.groupWidth(), false);
    list.linear("output", hiddenSize, narrow, false);
  }

  private static void entries(
      ParameterList list, Compression compression, Norm norm, int dim, int hiddenSize) {
    int width = compression.width(dim);
    list.linear("value", width, hiddenSize, false);
    list.linear("gate", width, hiddenSize, false);
    list.add("places", compression.rate(), width);
    list.norm("norm", norm, dim);
  }

  private static void indexer(
      ParameterList list, Indexer indexer, Compression compression, int queryRank, int hiddenSize) {
    list.linear("query", indexer.numHeads() * indexer.headDim(), queryRank, false);
    entries(list.at("compressor"), compression, indexer.keyNorm(), indexer.headDim(), hiddenSize);
    list.linear("headWeights", indexer.numHeads(), hiddenSize, false);
  }
}
