package dev.jandaia.cache;

/** Makes the memory of a {@link CacheType}. */
final class RowStores {
  private RowStores() {}

  /** Rows that answer as keys, for which inner products count; {@code groups} elements each. */
  static RowStore<?> keys(CacheType type, int heads, Retention retention, int... groups) {
    return switch (type) {
      case CacheType.Plain plain -> plain(plain, heads, retention, sum(groups));
      case CacheType.Turbo turbo -> new TurboRows(turbo, heads, retention, groups);
    };
  }

  /** Rows that are summed; they have no use for unbiased inner products. */
  static RowStore<?> values(CacheType type, int heads, Retention retention, int... groups) {
    return keys(
        type instanceof CacheType.Turbo(int bits, boolean outliers, boolean residual) && residual
            ? new CacheType.Turbo(bits, outliers, false)
            : type,
        heads,
        retention,
        groups);
  }

  private static RowStore<?> plain(CacheType.Plain type, int heads, Retention retention, int dim) {
    return switch (type) {
      case F32 -> new FloatRows(heads, dim, new PositionBlocks<>(retention));
      case F16 -> new HalfRows(heads, dim, new PositionBlocks<>(retention));
      case BF16 -> new BrainRows(heads, dim, new PositionBlocks<>(retention));
      case Q8_0 -> new ByteRows(heads, dim, new PositionBlocks<>(retention));
    };
  }

  private static int sum(int... groups) {
    int sum = 0;
    for (int group : groups) {
      sum += group;
    }
    return sum;
  }
}
