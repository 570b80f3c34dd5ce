package dev.jandaia.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time fetch a blob. File locks are held by a process, so
 * threads take a lock in memory first.
 */
final class BlobLock implements AutoCloseable {
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;
  private final FileLock process;

  private BlobLock(ReentrantLock thread, FileChannel channel, FileLock process) {
    this.thread = thread;
    this.channel = channel;
    this.process = process;
  }

  /** Waits for the lock; runs {@code onWait} first if it is taken. */
  static BlobLock acquire(Path file, Runnable onWait) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    if (!thread.tryLock()) {
      onWait.run();
      thread.lockInterruptibly();
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock process = channel.tryLock();
      if (process == null) {
        onWait.run();
        process = channel.lock();
      }
      return new BlobLock(thread, channel, process);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      thread.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      process.release();
    } finally {
      thread.unlock();
    }
  }
}
