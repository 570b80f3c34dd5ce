package dev.jandaia.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 5GB}, {@code 500 MB}, {@code 2GiB}, {@code 1048576}. */
final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([KMGT]?I?B)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KIB", 1L << 10,
          "MIB", 1L << 20,
          "GIB", 1L << 30,
          "TIB", 1L << 40);

  private ByteSize() {}

  /**
   * Bytes.
   *
   * @throws UsageException if it is no size
   */
  static long parse(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    Long unit = size.matches() ? UNITS.get(size.group(2) == null ? "B" : size.group(2)) : null;
    if (unit == null || Long.parseLong(size.group(1)) == 0) {
      throw new UsageException(
          "--max-shard-size: expected a size like 500MB, 5GB or 2GiB, found \"%s\""
              .formatted(text));
    }
    return Math.multiplyExact(Long.parseLong(size.group(1)), unit);
  }
}
