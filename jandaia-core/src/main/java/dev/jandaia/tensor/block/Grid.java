package dev.jandaia.tensor.block;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The lookup grids of the IQ formats: an index stands for a whole vector of small values. The
 * entries were chosen from real weights and follow no formula, hence the resource.
 */
final class Grid {
  private static final String RESOURCE = "grids.txt";
  private static final int HEX_DIGITS = 4;

  private Grid() {}

  /**
   * A grid, flattened: entry i is the {@code 16 / codeBits} values from {@code i·16/codeBits}.
   *
   * @param values what each code stands for
   */
  static byte[] load(String name, int codeBits, int... values) {
    String hex = line(name);
    int perEntry = 16 / codeBits;
    byte[] grid = new byte[hex.length() / HEX_DIGITS * perEntry];
    for (int i = 0; i < grid.length; i++) {
      int entry = i / perEntry * HEX_DIGITS;
      int codes = Integer.parseInt(hex, entry, entry + HEX_DIGITS, 16);
      int code = codes >> i % perEntry * codeBits & (1 << codeBits) - 1;
      grid[i] = (byte) values[code];
    }
    return grid;
  }

  private static String line(String name) {
    try (InputStream in = Grid.class.getResourceAsStream(RESOURCE)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes {@code n} values of an entry, those whose bit in {@code signs} is set negated.
   *
   * @param index where the entry starts in the flattened grid
   */
  static void decode(byte[] grid, int index, int n, float scale, int signs, float[] y, int to) {
    for (int i = 0; i < n; i++) {
      float value = scale * grid[index + i];
      y[to + i] = (signs >> i & 1) == 0 ? value : -value;
    }
  }

  /** Seven stored sign bits; the eighth makes the number of minus signs even. */
  static int evenSigns(int seven) {
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }
}
