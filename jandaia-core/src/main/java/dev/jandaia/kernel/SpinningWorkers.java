package dev.jandaia.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A team that meets at two points per loop: the caller publishes a loop by advancing {@link
 * #generation}, and the last worker to finish lets the caller go. Whoever waits spins for a few
 * microseconds, then yields its core for a while, then parks: on an idle machine the next loop
 * finds the workers awake, on a busy one nobody burns the core that another needs.
 */
final class SpinningWorkers implements Workers {
  private static final int SPINS = 256;
  private static final long YIELD_NANOS = 100_000;

  private final int count;
  private final Member[] members;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  // Plain fields of the current loop, published by the write of generation.
  private int size;
  private int grain;
  private Range body;
  private Thread caller;

  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean callerParks;
  private volatile boolean closed;

  SpinningWorkers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected at least 1 worker, found " + count);
    }
    this.count = count;
    members = new Member[count - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(i + 1);
      members[i].start();
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void run(int size, int grain, Range body) {
    if (grain < 1) {
      throw new IllegalArgumentException("expected a grain of at least 1, found " + grain);
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("a team runs one loop at a time, and loops do not nest");
    }
    try {
      if (closed) {
        throw new IllegalStateException("the workers are closed");
      }
      if (count == 1 || size <= grain) {
        runRange(body, 0, size, 0);
      } else {
        runTogether(size, grain, body);
      }
    } finally {
      busy.set(false);
    }
  }

  private static void runRange(Range body, int from, int to, int worker) {
    if (from < to) {
      body.run(from, to, worker);
    }
  }

  private void runTogether(int size, int grain, Range body) {
    this.size = size;
    this.grain = grain;
    this.body = body;
    caller = Thread.currentThread();
    pending.set(members.length);
    publish();
    runShare(0);
    awaitMembers();
    this.body = null;
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw SpinningWorkers.<RuntimeException>unchecked(thrown);
    }
  }

  private void publish() {
    generation.incrementAndGet();
    for (Member member : members) {
      if (member.parks) {
        LockSupport.unpark(member);
      }
    }
  }

  /**
   * Runs the range of one worker: whole grains, dealt so that the first workers get the odd ones.
   */
  @SuppressWarnings("ReferenceEquality") // the very same throwable must not suppress itself
  private void runShare(int worker) {
    try {
      runRange(body, start(worker), start(worker + 1), worker);
    } catch (Throwable thrown) {
      if (!failure.compareAndSet(null, thrown) && failure.get() != thrown) {
        failure.get().addSuppressed(thrown);
      }
    }
  }

  private int start(int worker) {
    long grains = (size + (long) grain - 1) / grain;
    long first = (worker * grains + count - 1) / count;
    return (int) Math.min(size, first * grain);
  }

  private void awaitMembers() {
    for (int i = 0; i < SPINS && pending.get() != 0; i++) {
      Thread.onSpinWait();
    }
    long deadline = pending.get() == 0 ? 0 : System.nanoTime() + YIELD_NANOS;
    while (pending.get() != 0 && System.nanoTime() < deadline) {
      Thread.yield();
    }
    if (pending.get() != 0) {
      callerParks = true;
      while (pending.get() != 0) {
        LockSupport.park(this);
      }
      callerParks = false;
    }
  }

  @Override
  public void close() {
    closed = true;
    publish();
    boolean interrupted = false;
    for (Member member : members) {
      while (member.isAlive()) {
        try {
          member.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** A thread of the team other than the caller's. */
  private final class Member extends Thread {
    private final int worker;
    private volatile boolean parks;

    Member(int worker) {
      super("jandaia-worker-" + worker);
      this.worker = worker;
      setDaemon(true);
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        seen = awaitAfter(seen);
        if (closed) {
          return;
        }
        runShare(worker);
        if (pending.decrementAndGet() == 0 && callerParks) {
          LockSupport.unpark(caller);
        }
      }
    }

    private int awaitAfter(int seen) {
      for (int i = 0; i < SPINS && generation.get() == seen; i++) {
        Thread.onSpinWait();
      }
      long deadline = generation.get() == seen ? System.nanoTime() + YIELD_NANOS : 0;
      while (generation.get() == seen && System.nanoTime() < deadline) {
        Thread.yield();
      }
      if (generation.get() == seen) {
        parks = true;
        while (generation.get() == seen) {
          LockSupport.park(SpinningWorkers.this);
        }
        parks = false;
      }
      return generation.get();
    }
  }
}
