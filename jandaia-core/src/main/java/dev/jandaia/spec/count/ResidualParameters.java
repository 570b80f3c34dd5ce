package dev.jandaia.spec.count;

import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;

/** The parameters of how a layer is wired into the residual stream. */
final class ResidualParameters {
  private ResidualParameters() {}

  /** The norms around one half of a layer. */
  static void addHalf(ParameterList list, String half, Residual residual, int width) {
    switch (residual) {
      case Residual.PreNorm(Norm norm) -> list.norm(half + "Norm", norm, width);
      case Residual.PostNorm(Norm norm) -> list.norm(half + "PostNorm", norm, width);
      case Residual.Normalised(Norm norm, _, _) -> list.norm(half + "Norm", norm, width);
      case Residual.Sandwich(Norm norm) -> {
        list.norm(half + "Norm", norm, width);
        list.norm(half + "PostNorm", norm, width);
      }
      case Residual.ScaledPreNorm(Norm norm, _) -> list.norm(half + "Norm", norm, width);
      case Residual.Parallel(Norm norm) -> {
        if (half.equals("mixer")) {
          list.norm("mixerNorm", norm, width);
        }
      }
      case Residual.Laurel(Norm norm, _) -> {
        list.norm(half + "Norm", norm, width);
        list.norm(half + "PostNorm", norm, width);
      }
      case Residual.HyperConnected(Norm norm, HyperConnections wiring) -> {
        connections(list.at(half + "Streams"), wiring, wiring.coefficients(), 3, width);
        list.norm(half + "Norm", norm, width);
      }
      case Residual.AltUp altUp -> addHalf(list, half, altUp.layer(), width);
      case Residual.WithInput(var layer, _) -> addHalf(list, half, layer, width);
      case Residual.Rescaled(var layer) -> addHalf(list, half, layer, width);
    }
  }

  /** What belongs to the layer as a whole. */
  static void addWhole(ParameterList list, Residual residual, int width) {
    switch (residual) {
      case Residual.PreNorm _,
          Residual.PostNorm _,
          Residual.Sandwich _,
          Residual.Normalised _,
          Residual.ScaledPreNorm _,
          Residual.Parallel _,
          Residual.HyperConnected _ -> {}
      case Residual.WithInput(var layer, var input) -> {
        addWhole(list, layer, width);
        input(list.at("layerInput"), input, width);
      }
      case Residual.Laurel(Norm norm, int rank) -> {
        list.linear("laurel.narrow", rank, width, false);
        list.linear("laurel.widen", width, rank, false);
        list.norm("laurel.norm", norm, width);
      }
      case Residual.AltUp altUp -> {
        addWhole(list, altUp.layer(), width);
        altUp(list.at("altUp"), altUp, width);
        input(list.at("layerInput"), altUp.input(), width);
      }
      case Residual.Rescaled(var layer) -> {
        addWhole(list, layer, width);
        list.addAdjusted("outputScale", 1);
      }
    }
  }

  /** What leads from the streams of a token to coefficients in {@code parts} parts. */
  static void connections(
      ParameterList list, HyperConnections wiring, int coefficients, int parts, int width) {
    list.norm("norm", wiring.norm(), wiring.streams() * width);
    list.linear("coefficients", coefficients, wiring.streams() * width, false);
    list.add("scale", parts);
    list.add("base", coefficients);
  }

  private static void altUp(ParameterList list, Residual.AltUp altUp, int width) {
    int streams = altUp.streams();
    list.norm("norm", altUp.norm(), width);
    list.linear("router", streams, width, false);
    list.linear("prediction", streams * streams, streams, false);
    list.linear("correction", streams, streams, false);
    list.add("inputScale", width);
  }

  private static void input(ParameterList list, LayerInput input, int width) {
    list.linear("gate", input.size(), width, false);
    list.linear("output", width, input.size(), false);
    list.norm("norm", input.norm(), width);
  }
}
