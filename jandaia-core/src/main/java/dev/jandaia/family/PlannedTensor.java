package dev.jandaia.family;

import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;

/** A tensor of a file to be written. */
public sealed interface PlannedTensor {
  /** Its name in the file. */
  String name();

  /** Its shape, outermost first. */
  List<Long> shape();

  /** Whether it holds whole numbers, a table that is looked up. */
  default boolean isTable() {
    return this instanceof Filled(_, _, List<Source> sources)
        && sources.stream().anyMatch(source -> source.parameter().isTable());
  }

  /** A tensor that the parameters of a model fill; what none fills is 0. */
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
   * change(parameter[firstRow + r][firstCol + c])} for r from 0 to {@code rows} and c from 0 to
   * {@code cols}.
   *
   * @param parameter whose values
   * @param firstRow of the parameter
   * @param rows how many of its rows
   * @param firstCol of the parameter; vectors have one column
   * @param cols how many of its columns
   * @param view where they go
   * @param order of the rows
   * @param change of the values
   */
  record Source(
      ParameterSpec parameter,
      int firstRow,
      int rows,
      int firstCol,
      int cols,
      TensorView view,
      RowOrder order,
      ValueChange change) {
    /** All of a parameter. */
    Source(ParameterSpec parameter, TensorView view, RowOrder order, ValueChange change) {
      this(parameter, 0, parameter.shape().getFirst(), 0, columns(parameter), view, order, change);
    }

    /** A piece of the same parameter, which goes where the view says. */
    Source piece(GgufNames.Piece piece) {
      return new Source(
          parameter,
          piece.firstRow(),
          piece.rows(),
          piece.firstCol(),
          piece.cols(),
          view,
          order,
          change);
    }

    /** With a change of values that the format asks for beside its conventions. */
    Source changed(ValueChange further) {
      return further == ValueChange.NONE
          ? this
          : new Source(parameter, firstRow, rows, firstCol, cols, view, order, further);
    }

    /**
     * Where an element goes in the stored tensor; {@code row} counts from {@code firstRow}, {@code
     * col} from {@code firstCol}.
     */
    public long element(int row, int col) {
      return view.element(order.of(row), col);
    }

    /** Whether it is a whole parameter, its rows in order and its values unchanged. */
    public boolean isPlain() {
      return rows == parameter.shape().getFirst()
          && cols == columns(parameter)
          && order.equals(RowOrder.KEPT)
          && change == ValueChange.NONE;
    }

    private static int columns(ParameterSpec parameter) {
      return parameter.shape().size() == 1 ? 1 : parameter.shape().getLast();
    }
  }
}
