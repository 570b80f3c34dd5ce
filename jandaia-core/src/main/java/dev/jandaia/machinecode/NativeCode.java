package dev.jandaia.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Assembled code, ready to be called. It takes six numbers or addresses in rdi, rsi, rdx, rcx, r8
 * and r9 (System V ABI), returns nothing where not said otherwise, and must keep rbx, rbp and
 * r12–r15. The virtual machine cannot stop a thread during a call, so calls are kept short.
 */
@SuppressWarnings("restricted") // calling machine code is what this class is for
public final class NativeCode {
  // A constant, so that the JIT compiler puts the call itself into the caller.
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(false));

  // As above, but addresses may be those of arrays: the virtual machine does not move them
  // meanwhile.
  private static final MethodHandle CALL_ON_HEAP =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  // Three arrays; a call that also met memory outside the heap would make its views in earnest.
  // Each shape is made when it is first called: that takes milliseconds.
  private static final class OnArrays {
    static final MethodHandle CALL = elements(ADDRESS, ADDRESS, ADDRESS, true);
  }

  private static final class AroundMemory {
    static final MethodHandle CALL = elements(ADDRESS, JAVA_LONG, ADDRESS, true);
  }

  private static final class InMemory {
    static final MethodHandle CALL = elements(JAVA_LONG, JAVA_LONG, JAVA_LONG, false);
  }

  private static MethodHandle elements(
      MemoryLayout rdi, MemoryLayout rsi, MemoryLayout rdx, boolean onHeap) {
    return Linker.nativeLinker()
        .downcallHandle(
            FunctionDescriptor.of(
                JAVA_FLOAT, rdi, rsi, rdx, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT),
            Linker.Option.critical(onHeap));
  }

  private final MemorySegment code;

  /**
   * @throws UnsupportedOperationException if the system does not allow code made at run time
   */
  public NativeCode(GeneralAssembler assembler) {
    code = NativeMemory.executable(assembler.code());
  }

  public void call(long rdi, long rsi, long rdx, long rcx, long r8, long r9) {
    long _ = call(code, rdi, rsi, rdx, rcx, r8, r9);
  }

  /** Calls any function of up to six numbers or addresses that returns in rax, and at once. */
  static long call(
      MemorySegment function, long rdi, long rsi, long rdx, long rcx, long r8, long r9) {
    try {
      return (long) CALL.invokeExact(function, rdi, rsi, rdx, rcx, r8, r9);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public void call(long rdi, long rsi, long rdx, long rcx) {
    call(rdi, rsi, rdx, rcx, 0, 0);
  }

  /**
   * Passes addresses of arrays, numbers in rcx, r8, r9 and on the stack, a float in xmm0; returns
   * what the code leaves in xmm0. The views of the arrays are made here, in the method of the call
   * itself: the compiler sees then that they need not exist.
   */
  public float call(
      float[] rdi, float[] rsi, float[] rdx, long rcx, long r8, long r9, long stack8, float xmm0) {
    try {
      return (float)
          OnArrays.CALL.invokeExact(
              code,
              MemorySegment.ofArray(rdi),
              MemorySegment.ofArray(rsi),
              MemorySegment.ofArray(rdx),
              rcx,
              r8,
              r9,
              stack8,
              xmm0);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As above, of two arrays. */
  public float call(float[] rdi, float[] rsi, long rcx, long r8, long stack8, float xmm0) {
    return call(rdi, rsi, rsi, rcx, r8, 0, stack8, xmm0);
  }

  /** As above, of one array. */
  public float call(float[] rdi, long rcx, long stack8, float xmm0) {
    return call(rdi, rdi, rdi, rcx, 0, 0, stack8, xmm0);
  }

  /** As above, of two arrays and, between them, an address outside the heap. */
  public float call(
      float[] rdi, long rsi, float[] rdx, long rcx, long r8, long r9, long stack8, float xmm0) {
    try {
      return (float)
          AroundMemory.CALL.invokeExact(
              code,
              MemorySegment.ofArray(rdi),
              rsi,
              MemorySegment.ofArray(rdx),
              rcx,
              r8,
              r9,
              stack8,
              xmm0);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As above, of addresses outside the heap alone. */
  public float call(
      long rdi, long rsi, long rdx, long rcx, long r8, long r9, long stack8, float xmm0) {
    try {
      return (float) InMemory.CALL.invokeExact(code, rdi, rsi, rdx, rcx, r8, r9, stack8, xmm0);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Passes addresses of memory that may be on the heap, and numbers on the stack. */
  public void call(
      MemorySegment rdi,
      MemorySegment rsi,
      MemorySegment rdx,
      MemorySegment rcx,
      MemorySegment r8,
      MemorySegment r9,
      long stack8,
      long stack16,
      long stack24,
      long stack32) {
    try {
      CALL_ON_HEAP.invokeExact(code, rdi, rsi, rdx, rcx, r8, r9, stack8, stack16, stack24, stack32);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
