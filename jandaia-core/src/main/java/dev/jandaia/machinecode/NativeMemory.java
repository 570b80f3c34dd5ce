package dev.jandaia.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory from the operating system itself: fresh pages that are zero without anybody writing zeros,
 * large pages where it has them, and pages that may be executed. Linux and macOS.
 */
@SuppressWarnings("restricted") // asking the operating system is what this class is for
public final class NativeMemory {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE = 2;
  private static final int ANONYMOUS = isMac() ? 0x1000 : 0x20;
  private static final int HUGE_PAGES = 14;
  private static final long PAGE = 4096;
  private static final long FAILED = -1;

  private static final MethodHandle MMAP =
      function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle MPROTECT =
      function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MADVISE =
      function("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private NativeMemory() {}

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
  }

  /**
   * Zeroed memory, aligned to a page, that lives as long as {@code arena}.
   *
   * @throws OutOfMemoryError if there is none
   */
  public static MemorySegment allocate(long bytes, Arena arena) {
    long size = Math.max(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    MemorySegment pages = map(size);
    if (!isMac()) {
      call(MADVISE, pages, size, HUGE_PAGES);
    }
    return pages.reinterpret(bytes, arena, memory -> call(MUNMAP, memory, size));
  }

  /** A copy of {@code code} that can be executed and no longer written. Never given back. */
  static MemorySegment executable(byte[] code) {
    long size = (code.length + PAGE - 1) / PAGE * PAGE;
    MemorySegment pages = map(size);
    MemorySegment.copy(code, 0, pages.reinterpret(size), JAVA_BYTE, 0, code.length);
    if (call(MPROTECT, pages, size, READ | EXECUTE) != 0) {
      call(MUNMAP, pages, size);
      throw new UnsupportedOperationException("this system does not allow code made at run time");
    }
    return pages;
  }

  private static MemorySegment map(long size) {
    MemorySegment pages =
        call(MMAP, MemorySegment.NULL, size, READ | WRITE, PRIVATE | ANONYMOUS, -1, 0L);
    if (pages.address() == FAILED) {
      throw new OutOfMemoryError("%d bytes of native memory".formatted(size));
    }
    return pages;
  }

  private static MemorySegment call(
      MethodHandle mmap, MemorySegment at, long size, int access, int flags, int file, long from) {
    try {
      return (MemorySegment) mmap.invokeExact(at, size, access, flags, file, from);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static int call(MethodHandle function, MemorySegment at, long size, int argument) {
    try {
      return (int) function.invokeExact(at, size, argument);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static int call(MethodHandle function, MemorySegment at, long size) {
    try {
      return (int) function.invokeExact(at, size);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
