package dev.jandaia.load;

import dev.jandaia.family.Family;
import dev.jandaia.family.GgufNames;
import dev.jandaia.family.GgufNames.Piece;
import dev.jandaia.family.TensorView;
import dev.jandaia.family.ValueChange;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.stream.Stream;

/** Where a checkpoint keeps the parameters of a model. */
interface StoredPlaces {

  /** Every place where the whole of a parameter may be, the likeliest first. */
  List<TensorView> candidates(ParameterSpec parameter);

  /** The places of its rows where checkpoints keep it in pieces; empty where none does. */
  List<Piece> pieces(ParameterSpec parameter);

  /** What is stored in place of a parameter's values. */
  default ValueChange change(ParameterSpec parameter) {
    return ValueChange.NONE;
  }

  /** The names a family uses on the Hugging Face hub. */
  static StoredPlaces hub(ModelSpec spec, Family family) {
    return new StoredPlaces() {
      @Override
      public List<TensorView> candidates(ParameterSpec parameter) {
        return Stream.of(
                family.candidates(spec, parameter), family.predictionCandidates(spec, parameter))
            .flatMap(List::stream)
            .toList();
      }

      @Override
      public List<Piece> pieces(ParameterSpec parameter) {
        return List.of();
      }
    };
  }

  /** The names of GGUF files. */
  static StoredPlaces gguf(ModelSpec spec) {
    return new StoredPlaces() {
      @Override
      public List<TensorView> candidates(ParameterSpec parameter) {
        return GgufNames.candidates(spec, parameter);
      }

      @Override
      public List<Piece> pieces(ParameterSpec parameter) {
        return GgufNames.pieces(spec, parameter);
      }

      @Override
      public ValueChange change(ParameterSpec parameter) {
        return GgufNames.change(parameter);
      }
    };
  }
}
