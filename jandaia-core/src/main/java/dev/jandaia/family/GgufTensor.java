package dev.jandaia.family;

import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;

/** A tensor of a GGUF file to be written. */
public sealed interface GgufTensor {
  /** Its name in the file. */
  String name();

  /** Its shape, outermost first. */
  List<Long> shape();

  /** A tensor that the parameters of a model fill. */
  record Filled(String name, List<Long> shape, List<Source> sources) implements GgufTensor {
    public Filled {
      shape = List.copyOf(shape);
      sources = List.copyOf(sources);
    }
  }

  /** A small f32 tensor that follows from the spec. */
  record Constant(String name, List<Float> values) implements GgufTensor {
    public Constant {
      values = List.copyOf(values);
    }

    @Override
    public List<Long> shape() {
      return List.of((long) values.size());
    }

    /** The values as an array. */
    public float[] floats() {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      return floats;
    }
  }

  /**
   * What fills (a part of) a tensor: {@code stored[offset + storedRow(r)·rowStride + c·colStride] =
   * parameter[r][c] + added}.
   *
   * @param parameter whose values
   * @param view where they go
   * @param headDim elements of a head whose rows change from halves to neighbours; 0 for rows in
   *     order
   * @param added 1 where the file holds the whole gain of a norm, else 0
   */
  record Source(ParameterSpec parameter, TensorView view, int headDim, float added) {
    /** The row of the view that row {@code row} of the parameter goes to. */
    public int storedRow(int row) {
      if (headDim == 0) {
        return row;
      }
      int within = row % headDim;
      int half = headDim / 2;
      return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
    }

    /** Whether the rows are in the parameter's own order and its values unchanged. */
    public boolean isPlain() {
      return headDim == 0 && added == 0;
    }
  }
}
