package dev.jandaia.spec.count;

import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LightningAttention;

/**
 * The parameters of linear attention. A convolution is one vector, channel after channel, the
 * weight of the latest input last.
 */
final class RecurrentParameters {
  private RecurrentParameters() {}

  static void add(ParameterList list, GatedDeltaNet deltaNet, int hiddenSize) {
    int heads = deltaNet.numValueHeads();
    int valueWidth = deltaNet.valueWidth();
    convolved(list, "query", deltaNet.keyWidth(), hiddenSize, deltaNet.convolution());
    convolved(list, "key", deltaNet.keyWidth(), hiddenSize, deltaNet.convolution());
    convolved(list, "value", valueWidth, hiddenSize, deltaNet.convolution());
    list.linear("beta", heads, hiddenSize, false);
    list.linear("decay", heads, hiddenSize, true);
    list.add("logDecayRate", heads);
    list.linear("gate", valueWidth, hiddenSize, false);
    list.norm("norm", deltaNet.norm(), deltaNet.valueDim());
    list.linear("output", hiddenSize, valueWidth, false);
  }

  static void add(ParameterList list, KimiDeltaAttention kimiDelta, int hiddenSize) {
    int width = kimiDelta.width();
    int rank = kimiDelta.headDim();
    convolved(list, "query", width, hiddenSize, kimiDelta.convolution());
    convolved(list, "key", width, hiddenSize, kimiDelta.convolution());
    convolved(list, "value", width, hiddenSize, kimiDelta.convolution());
    list.linear("beta", kimiDelta.numHeads(), hiddenSize, false);
    list.linear("decayDown", rank, hiddenSize, false);
    list.linear("decay", width, rank, true);
    list.add("logDecayRate", kimiDelta.numHeads());
    list.linear("gateDown", rank, hiddenSize, false);
    list.linear("gate", width, rank, false);
    list.norm("norm", kimiDelta.norm(), kimiDelta.headDim());
    list.linear("output", hiddenSize, width, false);
  }

  static void add(ParameterList list, LightningAttention lightning, int hiddenSize) {
    int width = lightning.width();
    list.linear("query", width, hiddenSize, false);
    list.linear("key", width, hiddenSize, false);
    list.linear("value", width, hiddenSize, false);
    list.linear("gate", width, hiddenSize, false);
    list.norm("norm", lightning.norm(), width);
    list.linear("output", hiddenSize, width, false);
  }

  private static void convolved(
      ParameterList list, String path, int width, int hiddenSize, int convolution) {
    list.linear(path, width, hiddenSize, false);
    list.add(path + "Convolution.weight", width * convolution);
  }
}
