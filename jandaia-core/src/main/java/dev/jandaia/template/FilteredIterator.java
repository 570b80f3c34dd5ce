package dev.jandaia.template;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/** The elements of an iterator that pass a test, tested only when they are asked for. */
final class FilteredIterator implements Iterator<Value> {
  private final Iterator<Value> source;
  private final Predicate<Value> test;
  private Optional<Value> next = Optional.empty();

  FilteredIterator(Iterator<Value> source, Predicate<Value> test) {
    this.source = source;
    this.test = test;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && source.hasNext()) {
      next = Optional.of(source.next()).filter(test);
    }
    return next.isPresent();
  }

  @Override
  public Value next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Value value = next.orElseThrow();
    next = Optional.empty();
    return value;
  }
}
