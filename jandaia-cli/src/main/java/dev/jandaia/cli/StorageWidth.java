package dev.jandaia.cli;

/**
 * Bytes per stored element, for counts in bytes.
 *
 * @param weightName the type of weights, for people
 * @param weightBytes bytes per weight, on average
 * @param cacheName the type of cached elements, for people
 * @param cacheBytes bytes per cached element
 */
record StorageWidth(String weightName, double weightBytes, String cacheName, double cacheBytes) {
  /** What published figures assume. */
  static final StorageWidth BF16 = new StorageWidth("bf16", 2, "bf16", 2);

  /** The widths of a model as it is stored. */
  static StorageWidth of(StoredModel stored) {
    String name = stored.type() + " as stored";
    return new StorageWidth(
        name, (double) stored.bytes() / stored.parameters(), BF16.cacheName, BF16.cacheBytes);
  }
}
