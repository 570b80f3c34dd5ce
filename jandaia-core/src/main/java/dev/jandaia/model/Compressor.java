package dev.jandaia.model;

import dev.jandaia.cache.EntryCache;
import dev.jandaia.op.Batch;
import dev.jandaia.op.CompressWindows;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Past;
import dev.jandaia.op.Projections;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Norm;
import java.util.Optional;

/** Makes the entries of a {@link Compression}. */
final class Compressor {
  private static final CopyColumns.Groups START = new CopyColumns.Groups(0, 0);

  private final CompressWindows.Shape shape;
  private final CopyColumns.Groups gates;
  private final Projection value;
  private final Projection gate;
  private final VectorParameter places;
  private final NormLayer norm;
  private final Optional<RotaryTable> rotary;
  private final Past rows;
  private final Past entries;

  /** Where the entries of a chunk's sequence are kept. */
  interface Memory {
    EntryCache of(Batch.Chunk chunk);
  }

  /**
   * @param dim elements of an entry
   * @param norm of an entry
   */
  Compressor(
      Compression spec,
      int dim,
      Norm norm,
      Weights weights,
      Optional<RotaryTable> rotary,
      Memory memory,
      String path,
      int hiddenSize) {
    int width = spec.width(dim);
    shape = new CompressWindows.Shape(spec.rate(), dim, spec.overlap());
    gates = new CopyColumns.Groups(width, 0);
    value = Projection.of(weights, path + ".value", width, hiddenSize, false);
    gate = Projection.of(weights, path + ".gate", width, hiddenSize, false);
    places = weights.vector(path + ".places", spec.rate() * width);
    this.norm = NormLayer.of(norm, weights, path + ".norm", dim);
    this.rotary = rotary;
    rows = chunk -> memory.of(chunk).rows();
    entries = chunk -> memory.of(chunk).entries();
  }

  /**
   * The entries that the rows of a batch complete, {@code [E, dim]}; what later ones are made of is
   * remembered.
   *
   * @param x {@code [M, C]}
   */
  Matrix apply(Compute compute, Batch batch, Matrix x) {
    int width = shape.width();
    Projections projections = Projections.of(compute);
    Matrix values = value.join(projections, x);
    Matrix openings = gate.join(projections, x);
    projections.run();
    Matrix both = compute.take(x.rows(), 2 * width);
    CopyColumns.apply(compute, values, START, both, START, 1, width);
    CopyColumns.apply(compute, openings, START, both, gates, 1, width);
    Matrix sums = CompressWindows.apply(compute, shape, batch, rows, both, places);
    Matrix made = sums.rows() == 0 ? sums : norm.apply(compute, sums);
    if (rotary.isPresent()) {
      Rope.applyToEntries(compute, made, batch, rotary.get());
    }
    Remember.rows(batch, rows, both);
    return made;
  }

  /** Remembers entries, once nothing looks at them as those of the batch any more. */
  void remember(Batch batch, Matrix made) {
    Remember.entries(batch, entries, made);
  }

  /** Where earlier entries are. */
  Past past() {
    return entries;
  }
}
