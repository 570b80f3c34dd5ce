package dev.jandaia.template;

/** A built-in function, or a method bound to its receiver. */
record Function(String name, Body body) implements Callable {

  /** What a built-in does. */
  interface Body {
    Value call(Context context, Arguments arguments);
  }

  @Override
  public Value call(Context context, Arguments arguments) {
    return body.call(context, arguments);
  }
}
