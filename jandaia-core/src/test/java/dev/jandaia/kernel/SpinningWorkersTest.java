package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpinningWorkersTest {

  @Test
  void rangesCoverEveryIndexOnceInWholeGrains() {
    for (int count : new int[] {1, 2, 3, 7}) {
      try (Workers workers = Workers.of(count)) {
        for (int size : new int[] {0, 1, 2, 7, 64, 65, 1000}) {
          for (int grain : new int[] {1, 3, 16, 2000}) {
            checkCover(workers, size, grain);
          }
        }
      }
    }
  }

  private static void checkCover(Workers workers, int size, int grain) {
    AtomicIntegerArray visits = new AtomicIntegerArray(size);
    AtomicIntegerArray calls = new AtomicIntegerArray(workers.count());
    workers.run(
        size,
        grain,
        (from, to, worker) -> {
          calls.incrementAndGet(worker);
          assertTrue(from < to);
          assertEquals(0, from % grain);
          assertTrue(to % grain == 0 || to == size);
          for (int i = from; i < to; i++) {
            visits.incrementAndGet(i);
          }
        });
    for (int i = 0; i < size; i++) {
      assertEquals(1, visits.get(i));
    }
    for (int worker = 0; worker < workers.count(); worker++) {
      assertTrue(calls.get(worker) <= 1);
    }
  }

  @Test
  void everyWorkerHasAShareWhenThereAreEnoughGrains() {
    try (Workers workers = Workers.of(4)) {
      AtomicIntegerArray lengths = new AtomicIntegerArray(4);
      workers.run(64, 4, (from, to, worker) -> lengths.set(worker, to - from));
      for (int worker = 0; worker < 4; worker++) {
        assertEquals(16, lengths.get(worker));
      }
    }
  }

  @Test
  void manyLoopsWithMoreThreadsThanCoresSeeEachOthersWrites() {
    int size = 64;
    long[] values = new long[size];
    try (Workers workers = Workers.of(2 * Runtime.getRuntime().availableProcessors() + 1)) {
      for (int loop = 0; loop < 5_000; loop++) {
        // Each loop reads what other workers wrote in the one before.
        long expected = loop;
        workers.run(
            size,
            1,
            (from, to, worker) -> {
              for (int i = from; i < to; i++) {
                assertEquals(expected, values[i]);
                values[i]++;
              }
            });
        long first = values[0];
        System.arraycopy(values, 1, values, 0, size - 1);
        values[size - 1] = first;
      }
    }
    for (long value : values) {
      assertEquals(5_000, value);
    }
  }

  @Test
  void loopsAfterAnIdleTimeWakeTheParkedWorkers() throws InterruptedException {
    try (Workers workers = Workers.of(3)) {
      AtomicLong sum = new AtomicLong();
      for (int loop = 0; loop < 20; loop++) {
        Thread.sleep(2);
        workers.run(3, 1, (from, to, worker) -> sum.addAndGet(to));
      }
      assertEquals(20 * 6, sum.get());
    }
  }

  @Test
  void whatABodyThrowsReachesTheCallerAndTheTeamLivesOn() {
    try (Workers workers = Workers.of(3)) {
      for (int thrower = 0; thrower < 3; thrower++) {
        int wanted = thrower;
        IllegalStateException thrown = new IllegalStateException("from worker " + thrower);
        Workers.Range body =
            (from, to, worker) -> {
              if (worker == wanted) {
                throw thrown;
              }
            };
        assertSame(
            thrown, assertThrows(IllegalStateException.class, () -> workers.run(3, 1, body)));
      }
      AtomicLong sum = new AtomicLong();
      workers.run(3, 1, (from, to, worker) -> sum.addAndGet(to));
      assertEquals(6, sum.get());
    }
  }

  @Test
  void errorsOfAllWorkersTogetherReachTheCaller() {
    try (Workers workers = Workers.of(4)) {
      Workers.Range body =
          (from, to, worker) -> {
            throw new AssertionError(worker);
          };
      AssertionError error = assertThrows(AssertionError.class, () -> workers.run(4, 1, body));
      assertEquals(3, error.getSuppressed().length);
    }
  }

  @Test
  void aLoopInsideALoopIsRefused() {
    for (int count : new int[] {1, 2}) {
      try (Workers workers = Workers.of(count)) {
        Workers.Range nested = (from, to, worker) -> workers.run(1, 1, (f, t, w) -> {});
        assertThrows(IllegalStateException.class, () -> workers.run(2, 1, nested));
      }
    }
  }

  @Test
  void closeEndsTheThreadsAndRefusesFurtherLoops() {
    Workers workers = Workers.of(3);
    Thread[] seen = new Thread[3];
    workers.run(3, 1, (from, to, worker) -> seen[worker] = Thread.currentThread());
    assertSame(Thread.currentThread(), seen[0]);
    assertTrue(seen[1].isDaemon());
    workers.close();
    workers.close();
    assertFalse(seen[1].isAlive());
    assertFalse(seen[2].isAlive());
    assertThrows(IllegalStateException.class, () -> workers.run(1, 1, (f, t, w) -> {}));
  }

  @Test
  void aLoopAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] data = new float[1024];
    Workers.Range body =
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            data[i] += 1;
          }
        };
    try (Workers workers = Workers.of(2)) {
      for (int loop = 0; loop < 1_000; loop++) {
        workers.run(1024, 16, body);
      }
      long before = threads.getTotalThreadAllocatedBytes();
      long mine = threads.getCurrentThreadAllocatedBytes();
      for (int loop = 0; loop < 10_000; loop++) {
        workers.run(1024, 16, body);
      }
      mine = threads.getCurrentThreadAllocatedBytes() - mine;
      long all = threads.getTotalThreadAllocatedBytes() - before;
      // Less than a byte per loop: what is left belongs to the bean and the JIT compiler.
      assertTrue(mine < 10_000, "caller allocated " + mine);
      assertTrue(all < 160_000, "all threads allocated " + all);
    }
  }
}
