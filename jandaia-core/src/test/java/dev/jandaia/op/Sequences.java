package dev.jandaia.op;

import dev.jandaia.cache.CompressedCache;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import java.util.List;
import java.util.Optional;

/** Batches and caches for operations that are tested without a model. */
final class Sequences {
  private Sequences() {}

  /** A batch of sequences seen whole, as training sees them. */
  static Batch whole(int... lengths) {
    return whole(GroupedQueryAttention.of(1, 1, 2, Position.NONE), lengths);
  }

  /** A batch of sequences seen whole by a layer of the given kind. */
  static Batch whole(Mixer mixer, int... lengths) {
    ModelSpec spec = oneLayer(mixer);
    Batch batch = new Batch();
    for (int length : lengths) {
      batch.add(SequenceCache.none(spec), new int[length], 0, length);
    }
    return batch;
  }

  /** What a layer remembers that attends to a window and to entries of {@code dim} elements. */
  static CompressedCache compressed(int dim, int window, int rate, boolean overlap) {
    Compression compression = new Compression(rate, overlap, Norm.NONE, Optional.empty(), 0);
    CompressedAttention attention =
        new CompressedAttention(
            1,
            dim,
            1,
            Norm.NONE,
            Norm.NONE,
            Position.NONE,
            window,
            1,
            1,
            1,
            Optional.of(compression));
    return SequenceCache.of(oneLayer(attention)).compressed(0);
  }

  /** A model whose only layer has the given mixer, and so the cache that goes with it. */
  static ModelSpec oneLayer(Mixer mixer) {
    BlockSpec block =
        new BlockSpec(mixer, new Mlp(1, Activation.RELU, false), new Residual.PreNorm(Norm.NONE));
    return new ModelSpec("test", 1, 1, 1, Embedding.PLAIN, List.of(block), Norm.NONE, Head.TIED);
  }

  /** A copy of {@code count} rows of {@code x}. */
  static Matrix rows(Matrix x, int from, int count) {
    Matrix piece = Matrix.of(count, x.cols());
    System.arraycopy(x.data(), x.offset(from), piece.data(), 0, piece.size());
    return piece;
  }
}
