package dev.jandaia.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

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

  // All are called through the one handle of machine code: the first call of another shape takes
  // the linker some ten milliseconds.
  private static final MemorySegment MMAP = function("mmap");
  private static final MemorySegment MUNMAP = function("munmap");
  private static final MemorySegment MPROTECT = function("mprotect");
  private static final MemorySegment MADVISE = function("madvise");

  private NativeMemory() {}

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  private static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name);
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
      int _ = call(MADVISE, pages, size, HUGE_PAGES);
    }
    return pages.reinterpret(bytes, arena, memory -> call(MUNMAP, memory, size, 0));
  }

  /** A copy of {@code code} that can be executed and no longer written. Never given back. */
  static MemorySegment executable(byte[] code) {
    long size = (code.length + PAGE - 1) / PAGE * PAGE;
    MemorySegment pages = map(size);
    MemorySegment.copy(code, 0, pages.reinterpret(size), JAVA_BYTE, 0, code.length);
    if (call(MPROTECT, pages, size, READ | EXECUTE) != 0) {
      int _ = call(MUNMAP, pages, size, 0);
      throw new UnsupportedOperationException("this system does not allow code made at run time");
    }
    return pages;
  }

  private static MemorySegment map(long size) {
    long address = NativeCode.call(MMAP, 0, size, READ | WRITE, PRIVATE | ANONYMOUS, -1, 0);
    if (address == FAILED) {
      throw new OutOfMemoryError("%d bytes of native memory".formatted(size));
    }
    return MemorySegment.ofAddress(address);
  }

  /** The function's result, an int, which says 0 for success. */
  private static int call(MemorySegment function, MemorySegment at, long size, int argument) {
    return (int) NativeCode.call(function, at.address(), size, argument, 0, 0, 0);
  }
}
