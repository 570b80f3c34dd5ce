package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;
import static dev.jandaia.machinecode.Gpr.RSP;

import dev.jandaia.machinecode.GeneralAssembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * What kernels for matrices of floats are called with, in the form of elementwise kernels, because
 * a form of its own costs 15 ms when it is first called: three arrays in rdi, rsi and rdx; in rcx,
 * r8 and r9 where in them a matrix begins, and the stride of its rows, in floats, 32 bits each; on
 * the stack two numbers of 16 bits and a mask of up to 32 lanes.
 */
final class FloatArguments {
  private static final int FLOAT = 4;

  private FloatArguments() {}

  /** Where a matrix begins in its array, and from one row to the next. */
  static long place(int offset, int stride) {
    return (long) stride << 32 | offset;
  }

  /**
   * Two numbers up to 65535, and a mask of the first {@code lanes} lanes of 32.
   *
   * @throws IllegalArgumentException if a number is larger
   */
  static long numbers(int first, int second, int lanes) {
    if ((first | second) >> 16 != 0) {
      throw new IllegalArgumentException(
          "expected 0..65535, found %d, %d".formatted(first, second));
    }
    return (1L << lanes) - 1 << 32 | (long) second << 16 | first;
  }

  /**
   * Afterwards rdi, rsi and rdx are the addresses of the first elements, rcx, r8 and r9 the bytes
   * from one row to the next. Uses rax.
   */
  static void load(GeneralAssembler a) {
    unpack(a, RDI, RCX);
    unpack(a, RSI, R8);
    unpack(a, RDX, R9);
  }

  private static void unpack(GeneralAssembler a, Gpr matrix, Gpr place) {
    a.mov32(RAX, place);
    a.lea(matrix, Mem.at(matrix, RAX, FLOAT, 0));
    a.shr(place, 32);
    a.imul(place, place, FLOAT);
  }

  /** Loads one of the two numbers, 0 or 1, after {@code pushed} registers were pushed. */
  static void number(GeneralAssembler a, Gpr to, int number, int pushed) {
    a.movzxw(to, onStack(2 * number, pushed));
  }

  /**
   * Sets a mask to the lanes that a register has in place {@code place}: of sixteen lanes 0 to 15,
   * or 16 to 31. Leaves their bits, at least, in rax, too.
   */
  static <R extends VectorRegister> void lanes(
      VectorAssembler<R> a, LaneMask<R> to, int place, int pushed) {
    a.movzxw(RAX, onStack(4 + place * a.lanes() / Byte.SIZE, pushed));
    to.set(RAX);
  }

  private static Mem onStack(int displacement, int pushed) {
    return Mem.at(RSP, 8 * (1 + pushed) + displacement);
  }
}
