package dev.jandaia.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Assembled code, ready to be called. It takes six numbers or addresses in rdi, rsi, rdx, rcx, r8
 * and r9 (System V ABI), returns nothing, and must keep rbx, rbp and r12–r15. The virtual machine
 * cannot stop a thread during a call, so calls are kept short.
 */
@SuppressWarnings("restricted") // calling machine code is what this class is for
public final class NativeCode {
  // A constant, so that the JIT compiler puts the call itself into the caller.
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(false));

  private final MemorySegment code;

  /**
   * @throws UnsupportedOperationException if the system does not allow code made at run time
   */
  public NativeCode(Assembler assembler) {
    code = NativeMemory.executable(assembler.code());
  }

  public void call(long rdi, long rsi, long rdx, long rcx, long r8, long r9) {
    try {
      CALL.invokeExact(code, rdi, rsi, rdx, rcx, r8, r9);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public void call(long rdi, long rsi, long rdx, long rcx) {
    call(rdi, rsi, rdx, rcx, 0, 0);
  }
}
