package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as {@link CacheType.Turbo} stores them. A row is the concatenation of sections that are
 * quantised each by itself: the groups it is made of (a latent, a RoPE key), and in each group
 * outlier channels before the others.
 */
final class TurboRows extends RowStore<TurboRows.Block> {
  /** Smaller groups have no outliers. */
  private static final int LEAST_GROUP = 8;

  private final CacheType.Turbo type;
  private final int[] groups;
  private final List<TurboSection> sections;
  private final int queryDim;

  /** channels[head·dim + i] is the channel that comes i-th. */
  private final int[] channels;

  private final Kernels kernels = Kernels.best();
  private final float[] row;
  private final float[] residual;
  private final byte[] codes;

  /** One {@link TurboSection.Rows} per section. */
  record Block(List<TurboSection.Rows> sections) {}

  TurboRows(CacheType.Turbo type, int heads, Retention retention, int... groups) {
    this(type, heads, new PositionBlocks<>(retention), groups);
    for (int i = 0; i < channels.length; i++) {
      channels[i] = i % dim;
    }
  }

  private TurboRows(CacheType.Turbo type, int heads, PositionBlocks<Block> blocks, int... groups) {
    super(heads, Arrays.stream(groups).sum(), blocks);
    this.type = type;
    this.groups = groups.clone();
    this.sections = sections(type, groups);
    this.queryDim = type.residual() ? 2 * dim : dim;
    this.channels = new int[heads * dim];
    this.row = new float[dim];
    this.residual = new float[dim];
    this.codes = new byte[dim];
  }

  private static List<TurboSection> sections(CacheType.Turbo type, int... groups) {
    List<TurboSection> sections = new ArrayList<>();
    int start = 0;
    for (int group : groups) {
      int outliers = type.outliers() && group >= LEAST_GROUP ? group / 4 : 0;
      if (outliers > 0) {
        sections.add(TurboSection.of(start, outliers, type.bits() + 1, false));
      }
      int bits = type.outliers() && outliers == 0 ? type.bits() + 1 : type.bits();
      if (group > outliers) {
        sections.add(TurboSection.of(start + outliers, group - outliers, bits, type.residual()));
      }
      start += group;
    }
    return List.copyOf(sections);
  }

  @Override
  Block newBlock() {
    int rows = heads * PositionBlocks.LENGTH;
    return new Block(sections.stream().map(section -> section.newRows(rows)).toList());
  }

  @Override
  Block copyOf(Block block) {
    return new Block(block.sections().stream().map(TurboSection.Rows::copy).toList());
  }

  @Override
  long blockBytes() {
    return newBlock().sections().stream().mapToLong(TurboSection.Rows::bytes).sum();
  }

  /** The first rows of a sequence say which channels are large. */
  @Override
  void begin(float[] source, int offset, int stride, int count) {
    if (!type.outliers()) {
      return;
    }
    for (int head = 0; head < heads; head++) {
      int start = 0;
      for (int group : groups) {
        rank(source, offset + head * dim, stride, count, start, group, head * dim);
        start += group;
      }
    }
  }

  private void rank(
      float[] source, int offset, int stride, int count, int start, int group, int at) {
    double[] energies = new double[group];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < group; i++) {
        double x = source[offset + r * stride + start + i];
        energies[i] += x * x;
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < group; i++) {
      order.add(i);
    }
    order.sort((a, b) -> Double.compare(energies[b], energies[a]));
    for (int i = 0; i < group; i++) {
      channels[at + start + i] = start + order.get(i);
    }
  }

  @Override
  void write(float[] source, int offset, Block block, int to) {
    gather(source, offset, to / PositionBlocks.LENGTH, row, 0);
    for (int i = 0; i < sections.size(); i++) {
      sections.get(i).write(kernels, row, codes, residual, block.sections().get(i), to);
    }
  }

  private void gather(float[] source, int offset, int head, float[] out, int outOffset) {
    for (int i = 0; i < dim; i++) {
      out[outOffset + i] = source[offset + channels[head * dim + i]];
    }
  }

  @Override
  void dots(
      CacheReader reader,
      Block block,
      Block next,
      int from,
      int count,
      float[] queries,
      int queryOffset,
      int queryRows,
      float[] out,
      int outOffset,
      int outStride) {
    for (int r = 0; r < queryRows; r++) {
      Arrays.fill(out, outOffset + r * outStride, outOffset + r * outStride + count, 0f);
    }
    for (int i = 0; i < sections.size(); i++) {
      sections
          .get(i)
          .addDots(
              reader,
              block.sections().get(i),
              next.sections().get(i),
              from,
              count,
              queries,
              queryOffset,
              queryDim,
              queryRows,
              dim,
              out,
              outOffset,
              outStride);
    }
  }

  @Override
  void weightedSums(
      CacheReader reader,
      Block block,
      Block next,
      int from,
      int count,
      int valueDim,
      float[] weights,
      int weightOffset,
      int weightStride,
      int weightRows,
      float[] out,
      int outOffset) {
    for (int i = 0; i < sections.size(); i++) {
      sections
          .get(i)
          .addSums(
              reader,
              block.sections().get(i),
              next.sections().get(i),
              from,
              count,
              valueDim,
              weights,
              weightOffset,
              weightStride,
              weightRows,
              out,
              outOffset);
    }
  }

  @Override
  int queryDim() {
    return queryDim;
  }

  @Override
  float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    float[] entered = reader.queries(rows * queryDim);
    for (int r = 0; r < rows; r++) {
      gather(queries, r * dim, head, entered, r * queryDim);
      for (int i = 0; i < sections.size(); i++) {
        sections.get(i).enter(reader.kernels(), entered, r * queryDim, dim);
      }
    }
    return entered;
  }

  @Override
  void leave(CacheReader reader, int head, float[] sums, int rows, int valueDim) {
    float[] mixed = reader.queries(valueDim);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(sums, r * valueDim, mixed, 0, valueDim);
      for (int i = 0; i < sections.size() && sections.get(i).start() < valueDim; i++) {
        sections.get(i).leave(reader.kernels(), mixed);
      }
      for (int i = 0; i < valueDim; i++) {
        sums[r * valueDim + channels[head * dim + i]] = mixed[i];
      }
    }
  }

  @Override
  RowStore<Block> fork() {
    TurboRows copy = new TurboRows(type, heads, blocks().copy(this::copyOf), groups);
    System.arraycopy(channels, 0, copy.channels, 0, channels.length);
    return copy;
  }
}
