package dev.jandaia.template;

/** {@code joiner(separator)}: empty on the first call, the separator ever after. */
final class Joiner implements Callable {
  private final Value separator;
  private boolean used;

  Joiner(Value separator) {
    this.separator = separator;
  }

  @Override
  public Value call(Context context, Arguments arguments) {
    arguments.bind("joiner");
    if (used) {
      return separator;
    }
    used = true;
    return Str.EMPTY;
  }
}
