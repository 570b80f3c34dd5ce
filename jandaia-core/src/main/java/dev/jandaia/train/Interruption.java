package dev.jandaia.train;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a loop end in good order when the process is asked to (Ctrl-C, SIGTERM): the loop asks
 * {@link #requested}, and the process waits until this is closed.
 */
public final class Interruption implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "jandaia-interruption");
  private volatile boolean requested;

  private Interruption() {}

  /** Watches for the end of the process until closed. */
  public static Interruption watch() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether it is time to stop. */
  public boolean requested() {
    return requested;
  }

  private void request() {
    requested = true;
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the process end. */
  @Override
  public void close() {
    closed.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process began to end between the two lines; the hook no longer waits for anything.
      }
    }
  }
}
