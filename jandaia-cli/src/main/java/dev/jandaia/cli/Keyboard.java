package dev.jandaia.cli;

import java.util.Optional;

/** Where the user's lines come from. */
interface Keyboard extends AutoCloseable {
  /**
   * The next line; empty when there will be none.
   *
   * @throws InterruptedException if the user wants to leave (Ctrl-C)
   */
  Optional<String> readLine() throws InterruptedException;

  /** From now on, Ctrl-C between the lines does this. */
  void onInterrupt(Runnable action);

  @Override
  void close();
}
