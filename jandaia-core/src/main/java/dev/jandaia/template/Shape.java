package dev.jandaia.template;

import java.util.Collection;

/**
 * Depth and total number of nodes of a value, both bounded when a container is made: whatever walks
 * a value later (printing, comparing, hashing) can neither overflow the stack nor run forever on a
 * list that holds itself twice, a hundred times over.
 */
record Shape(int depth, long weight) {
  static final Shape LEAF = new Shape(0, 1);

  Shape {
    if (depth > Budget.MAX_VALUE_DEPTH) {
      throw new TemplateError("a value nests more than " + Budget.MAX_VALUE_DEPTH + " levels deep");
    }
    if (weight > Budget.MAX_VALUE_WEIGHT) {
      throw new TemplateError("a value has more than " + Budget.MAX_VALUE_WEIGHT + " parts");
    }
  }

  static Shape ofText(int length) {
    return length < 32 ? LEAF : new Shape(0, 1 + length / 32);
  }

  static Shape around(Collection<Value> items) {
    int depth = 0;
    long weight = 1;
    for (Value item : items) {
      Shape shape = item.shape();
      depth = Math.max(depth, shape.depth);
      weight += shape.weight;
    }
    return new Shape(depth + 1, weight);
  }

  Shape plus(Shape other) {
    return new Shape(Math.max(depth, other.depth), weight + other.weight);
  }
}
