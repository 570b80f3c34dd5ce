package dev.jandaia.family;

import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;

/** A tensor of a file to be written. */
public sealed interface PlannedTensor {
  /** Its name in the file. */
  String name();

  /** Its shape, outermost first. */
  List<Long> shape();

  /** A tensor that the parameters of a model fill. */
  record Filled(String name, List<Long> shape, List<Source> sources) implements PlannedTensor {
    public Filled {
      shape = List.copyOf(shape);
      sources = List.copyOf(sources);
    }
  }

  /** A small f32 tensor that follows from the spec. */
  record Constant(String name, List<Float> values) implements PlannedTensor {
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
   * What fills (a part of) a tensor: {@code stored[view.element(order.of(r), c)] =
   * change(parameter[r][c])}.
   *
   * @param parameter whose values
   * @param view where they go
   * @param order of the rows
   * @param change of the values
   */
  record Source(ParameterSpec parameter, TensorView view, RowOrder order, ValueChange change) {
    /** Where an element of the parameter goes in the stored tensor. */
    public long element(int row, int col) {
      return view.element(order.of(row), col);
    }

    /** Whether the rows are in the parameter's own order and its values unchanged. */
    public boolean isPlain() {
      return order.equals(RowOrder.KEPT) && change == ValueChange.NONE;
    }
  }
}
