package dev.jandaia.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes a stream on which nothing arrives for too long, which wakes its reader with an exception.
 */
final class Watchdog implements AutoCloseable {
  private final InputStream stream;
  private final Duration silence;
  private final Thread thread;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean bitten;

  Watchdog(InputStream stream, Duration silence) {
    this.stream = stream;
    this.silence = silence;
    this.thread = Thread.ofVirtual().name("download-watchdog").start(this::watch);
  }

  /** The next bytes, or -1 at the end; failing if the stream breaks or stays silent. */
  int read(byte[] buffer) throws TransferException {
    try {
      int n = stream.read(buffer);
      lastNanos = System.nanoTime();
      return n;
    } catch (IOException e) {
      String reason =
          bitten
              ? "nothing arrived for %d ms".formatted(silence.toMillis())
              : "connection lost: " + HubHttp.reason(e);
      throw new TransferException(reason, e);
    }
  }

  /** Everything that the stream holds, or its first {@code limit} bytes. */
  static byte[] readAll(InputStream stream, int limit, Duration silence) throws TransferException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try (Watchdog watchdog = new Watchdog(stream, silence)) {
      for (int n = watchdog.read(buffer); n >= 0 && all.size() < limit; n = watchdog.read(buffer)) {
        all.write(buffer, 0, Math.min(n, limit - all.size()));
      }
    }
    return all.toByteArray();
  }

  private void watch() {
    try {
      for (long left = silence.toNanos(); left > 0; left = remaining()) {
        Thread.sleep(Duration.ofNanos(left));
      }
      bitten = true;
      stream.close();
    } catch (InterruptedException | IOException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long remaining() {
    return silence.toNanos() - (System.nanoTime() - lastNanos);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
