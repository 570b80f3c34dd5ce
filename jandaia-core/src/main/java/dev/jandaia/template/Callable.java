package dev.jandaia.template;

/** A value that a template can call. */
sealed interface Callable extends Value permits Function, Joiner, LoopState, Macro {
  Value call(Context context, Arguments arguments);
}
