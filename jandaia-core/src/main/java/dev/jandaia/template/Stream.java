package dev.jandaia.template;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A Python generator or iterator: true even when empty, without a length, and consumed once. The
 * filters {@code map}, {@code select} and their kin produce one; its elements are computed when
 * they are asked for.
 */
final class Stream implements Value, Iterator<Value> {
  private final String typeName;
  private final Iterator<Value> source;
  private final Shape shape;

  private Stream(String typeName, Iterator<Value> source, int depth) {
    this.typeName = typeName;
    this.source = source;
    this.shape = new Shape(depth, 1);
  }

  /**
   * A generator whose elements come from {@code origin}: lazy chains nest, so they have a depth.
   */
  static Stream generator(Iterator<Value> source, Value origin) {
    return new Stream("generator", source, origin.shape().depth() + 1);
  }

  static Stream reversed(List<Value> items, String typeName) {
    return new Stream(typeName, items.reversed().iterator(), 0);
  }

  String typeName() {
    return typeName;
  }

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public Value next() {
    if (!source.hasNext()) {
      throw new NoSuchElementException();
    }
    return source.next();
  }

  @Override
  public Shape shape() {
    return shape;
  }
}
