package dev.jandaia.load;

import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.family.GgufNames.Piece;
import dev.jandaia.family.TensorView;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads parameters through the views a family gives of a checkpoint: in place where the parameter
 * lies in one piece, else gathered into memory of the model's own: as stored where its rows are
 * whole, else as f32.
 */
final class ParameterReader {
  private final WeightSource source;
  private final StoredPlaces places;
  private final Arena arena;
  private final Set<String> read = new TreeSet<>();

  ParameterReader(WeightSource source, StoredPlaces places, Arena arena) {
    this.source = source;
    this.places = places;
    this.arena = arena;
  }

  /** The parameter as a tensor of its own shape. */
  Tensor read(ParameterSpec parameter) {
    Optional<TensorView> view = find(places.candidates(parameter));
    if (view.isPresent()) {
      return read(parameter, view.get());
    }
    List<Piece> pieces = places.pieces(parameter);
    if (!pieces.isEmpty() && source.tensors().containsKey(pieces.getFirst().view().tensor())) {
      return assemble(parameter, pieces);
    }
    throw missing(parameter);
  }

  /** The type in which a parameter, or the first piece of one, is stored. */
  DType dtype(ParameterSpec parameter) {
    return places(parameter)
        .map(view -> source.tensors().get(view.tensor()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> missing(parameter))
        .dtype();
  }

  /** Everything in which a parameter, or a piece of one, may lie. */
  private Stream<TensorView> places(ParameterSpec parameter) {
    return Stream.concat(
        places.candidates(parameter).stream(), places.pieces(parameter).stream().map(Piece::view));
  }

  private JandaiaException missing(ParameterSpec parameter) {
    String names =
        places(parameter).map(TensorView::tensor).distinct().collect(Collectors.joining(" or "));
    return new JandaiaException(
        "%s: parameter %s %s: expected a tensor %s, found none of that name"
            .formatted(source.origin(), parameter.path(), parameter.shape(), names));
  }

  private Optional<TensorView> find(List<TensorView> candidates) {
    return candidates.stream()
        .filter(view -> source.tensors().containsKey(view.tensor()))
        .findFirst();
  }

  private Tensor read(ParameterSpec parameter, TensorView view) {
    Tensor stored = stored(view);
    if (inPlace(parameter, view, stored)) {
      return slice(parameter, view, stored);
    }
    if (hasWholeRows(parameter, view, stored)) {
      return copyRows(parameter, view, stored);
    }
    MemorySegment copy = allocate(parameter);
    gather(parameter, Piece.whole(parameter, view), stored, copy);
    return new Tensor(view.tensor(), DType.F32, shape(parameter), copy);
  }

  private Tensor assemble(ParameterSpec parameter, List<Piece> pieces) {
    String name = pieces.getFirst().view().tensor();
    DType dtype = stored(pieces.getFirst().view()).dtype();
    if (pieces.stream().allMatch(piece -> hasWholeRows(parameter, piece, dtype))) {
      MemorySegment copy = arena.allocate(dtype.bytesFor(parameter.elements()), 64);
      pieces.forEach(piece -> copyRows(parameter, piece, copy));
      return new Tensor(name, dtype, shape(parameter), copy);
    }
    MemorySegment copy = allocate(parameter);
    pieces.forEach(piece -> gather(parameter, piece, stored(piece.view()), copy));
    return new Tensor(name, DType.F32, shape(parameter), copy);
  }

  private Tensor stored(TensorView view) {
    Tensor stored = source.tensor(view.tensor());
    read.add(view.tensor());
    long[] expected = view.storedShape().stream().mapToLong(Long::longValue).toArray();
    if (!Shape.of(expected).equals(stored.shape())) {
      throw new JandaiaException(
          "%s: tensor %s: expected shape %s, found %s"
              .formatted(source.origin(), view.tensor(), Shape.of(expected), stored.shape()));
    }
    return stored;
  }

  /** Names of the stored tensors that no parameter has read. */
  List<String> unread() {
    return source.tensors().keySet().stream().filter(name -> !read.contains(name)).toList();
  }

  /** In one piece, and with rows that are whole blocks. */
  private static boolean inPlace(ParameterSpec parameter, TensorView view, Tensor stored) {
    int block = stored.dtype().blockSize();
    return view.isContiguous(parameter.shape())
        && view.offset() % block == 0
        && parameter.shape().getLast() % block == 0;
  }

  /** A matrix whose rows are each in one piece, and made of whole blocks. */
  private static boolean hasWholeRows(ParameterSpec parameter, TensorView view, Tensor stored) {
    int block = stored.dtype().blockSize();
    return parameter.shape().size() == 2
        && view.colStride() == 1
        && parameter.shape().getLast() % block == 0
        && view.offset() % block == 0
        && view.rowStride() % block == 0
        && view.groupStride() % block == 0;
  }

  private Tensor copyRows(ParameterSpec parameter, TensorView view, Tensor stored) {
    DType dtype = stored.dtype();
    long rowBytes = dtype.bytesFor(parameter.shape().getLast());
    MemorySegment copy = arena.allocate(dtype.bytesFor(parameter.elements()), 64);
    for (long r = 0; r < parameter.shape().getFirst(); r++) {
      long source = dtype.bytesFor(view.element(r, 0));
      MemorySegment.copy(stored.data(), source, copy, r * rowBytes, rowBytes);
    }
    return new Tensor(view.tensor(), dtype, shape(parameter), copy);
  }

  private Tensor slice(ParameterSpec parameter, TensorView view, Tensor stored) {
    DType dtype = stored.dtype();
    MemorySegment data =
        stored.data().asSlice(dtype.bytesFor(view.offset()), dtype.bytesFor(parameter.elements()));
    return new Tensor(view.tensor(), dtype, shape(parameter), data);
  }

  private MemorySegment allocate(ParameterSpec parameter) {
    return arena.allocate(parameter.elements() * Float.BYTES, 64);
  }

  /** A piece of a matrix whose rows are each in one place, and made of whole blocks. */
  private boolean hasWholeRows(ParameterSpec parameter, Piece piece, DType dtype) {
    int block = dtype.blockSize();
    return stored(piece.view()).dtype() == dtype
        && parameter.shape().size() == 2
        && piece.view().colStride() == 1
        && parameter.shape().getLast() % block == 0
        && piece.firstCol() % block == 0
        && piece.cols() % block == 0
        && piece.view().offset() % block == 0
        && piece.view().rowStride() % block == 0;
  }

  /** Copies a piece to its place in the parameter, as stored. */
  private void copyRows(ParameterSpec parameter, Piece piece, MemorySegment target) {
    Tensor stored = stored(piece.view());
    DType dtype = stored.dtype();
    long columns = parameter.shape().getLast();
    for (int r = 0; r < piece.rows(); r++) {
      MemorySegment.copy(
          stored.data(),
          dtype.bytesFor(piece.view().element(r, 0)),
          target,
          dtype.bytesFor((piece.firstRow() + r) * columns + piece.firstCol()),
          dtype.bytesFor(piece.cols()));
    }
  }

  /** Copies a piece to its place in the parameter, as f32. */
  private void gather(ParameterSpec parameter, Piece piece, Tensor stored, MemorySegment target) {
    long columns = parameter.shape().size() == 1 ? 1 : parameter.shape().getLast();
    ElementReader elements = new ElementReader(stored);
    for (int r = 0; r < piece.rows(); r++) {
      for (int c = 0; c < piece.cols(); c++) {
        target.setAtIndex(
            ValueLayout.JAVA_FLOAT,
            (piece.firstRow() + r) * columns + piece.firstCol() + c,
            elements.at(piece.view().element(r, c)));
      }
    }
  }

  private static Shape shape(ParameterSpec parameter) {
    return Shape.of(parameter.shape().stream().mapToLong(Integer::longValue).toArray());
  }
}
