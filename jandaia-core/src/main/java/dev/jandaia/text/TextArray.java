package dev.jandaia.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A list of strings that are kept as one array of UTF-8: the 150,000 tokens of a vocabulary, most
 * of which nobody will ask for. A string is made when it is asked for.
 */
public final class TextArray extends AbstractList<String> implements RandomAccess {
  private final byte[] bytes;
  private final int[] ends;

  /**
   * Takes over the arrays.
   *
   * @param bytes UTF-8, one text after the other
   * @param ends where each text ends, and the next begins
   */
  public TextArray(byte[] bytes, int[] ends) {
    this.bytes = bytes;
    this.ends = ends;
  }

  /** A copy of {@code texts}. */
  public static TextArray of(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] ends = new int[texts.size()];
    for (int i = 0; i < ends.length; i++) {
      bytes.writeBytes(texts.get(i).getBytes(StandardCharsets.UTF_8));
      ends[i] = bytes.size();
    }
    return new TextArray(bytes.toByteArray(), ends);
  }

  @Override
  public int size() {
    return ends.length;
  }

  @Override
  public String get(int i) {
    return new String(bytes, start(i), end(i) - start(i), StandardCharsets.UTF_8);
  }

  /** All texts, one after the other; not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where text {@code i} starts in {@link #bytes}. */
  public int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Where text {@code i} ends in {@link #bytes}. */
  public int end(int i) {
    return ends[i];
  }
}
