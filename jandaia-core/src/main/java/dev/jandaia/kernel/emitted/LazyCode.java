package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntFunction;

/** One kernel for each number of rows, assembled when it is first called for. */
final class LazyCode {
  private static final VarHandle CODE = MethodHandles.arrayElementVarHandle(NativeCode[].class);

  private final NativeCode[] code;
  private final IntFunction<NativeCode> generator;

  /**
   * @param most rows
   */
  LazyCode(int most, IntFunction<NativeCode> generator) {
    this.code = new NativeCode[most + 1];
    this.generator = generator;
  }

  NativeCode forRows(int rows) {
    NativeCode found = (NativeCode) CODE.getAcquire(code, rows);
    return found != null ? found : assemble(rows);
  }

  private synchronized NativeCode assemble(int rows) {
    if (code[rows] == null) {
      CODE.setRelease(code, rows, generator.apply(rows));
    }
    return code[rows];
  }
}
