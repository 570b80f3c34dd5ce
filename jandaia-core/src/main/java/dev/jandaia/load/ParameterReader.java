package dev.jandaia.load;

import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.family.TensorView;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads parameters through the views a family gives of a checkpoint: in place where the parameter
 * lies in one piece, else gathered into f32 memory of the model's own.
 */
final class ParameterReader {
  private final WeightSource source;
  private final Function<ParameterSpec, List<TensorView>> views;
  private final Arena arena;
  private final Set<String> read = new TreeSet<>();

  ParameterReader(
      WeightSource source, Function<ParameterSpec, List<TensorView>> views, Arena arena) {
    this.source = source;
    this.views = views;
    this.arena = arena;
  }

  /** The parameter as a tensor of its own shape. */
  Tensor read(ParameterSpec parameter) {
    TensorView view = viewOf(parameter);
    Tensor stored = source.tensor(view.tensor());
    read.add(view.tensor());
    long[] expected = view.storedShape().stream().mapToLong(Long::longValue).toArray();
    if (!Shape.of(expected).equals(stored.shape())) {
      throw new JandaiaException(
          "%s: tensor %s: expected shape %s, found %s"
              .formatted(source.origin(), view.tensor(), Shape.of(expected), stored.shape()));
    }
    return inPlace(parameter, view, stored)
        ? slice(parameter, view, stored)
        : gather(parameter, view, stored);
  }

  /** Names of the stored tensors that no parameter has read. */
  List<String> unread() {
    return source.tensors().keySet().stream().filter(name -> !read.contains(name)).toList();
  }

  private TensorView viewOf(ParameterSpec parameter) {
    List<TensorView> candidates = views.apply(parameter);
    for (TensorView view : candidates) {
      if (source.tensors().containsKey(view.tensor())) {
        return view;
      }
    }
    String names = String.join(" or ", candidates.stream().map(TensorView::tensor).toList());
    throw new JandaiaException(
        "%s: parameter %s %s: expected a tensor %s, found none of that name"
            .formatted(source.origin(), parameter.path(), parameter.shape(), names));
  }

  /** In one piece, and with rows that are whole blocks. */
  private static boolean inPlace(ParameterSpec parameter, TensorView view, Tensor stored) {
    int block = stored.dtype().blockSize();
    return view.isContiguous(parameter.shape())
        && view.offset() % block == 0
        && parameter.shape().getLast() % block == 0;
  }

  private Tensor slice(ParameterSpec parameter, TensorView view, Tensor stored) {
    DType dtype = stored.dtype();
    MemorySegment data =
        stored.data().asSlice(dtype.bytesFor(view.offset()), dtype.bytesFor(parameter.elements()));
    return new Tensor(view.tensor(), dtype, shape(parameter), data);
  }

  private Tensor gather(ParameterSpec parameter, TensorView view, Tensor stored) {
    if (stored.dtype().isQuantised()) {
      throw new JandaiaException(
          "%s: tensor %s: expected plain numbers where parameter %s is scattered, found %s"
              .formatted(source.origin(), view.tensor(), parameter.path(), stored.dtype()));
    }
    int rows = parameter.shape().getFirst();
    int cols = parameter.shape().size() == 1 ? 1 : parameter.shape().getLast();
    MemorySegment copy = arena.allocate((long) rows * cols * Float.BYTES, 64);
    BlockCodec codec = BlockCodec.of(stored.dtype());
    int width = stored.dtype().blockBytes();
    float[] element = new float[1];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        long index = view.offset() + r * view.rowStride() + c * view.colStride();
        codec.decode(stored.data(), index * width, element, 0, 1);
        copy.setAtIndex(ValueLayout.JAVA_FLOAT, (long) r * cols + c, element[0]);
      }
    }
    return new Tensor(view.tensor(), DType.F32, shape(parameter), copy);
  }

  private static Shape shape(ParameterSpec parameter) {
    return Shape.of(parameter.shape().stream().mapToLong(Integer::longValue).toArray());
  }
}
