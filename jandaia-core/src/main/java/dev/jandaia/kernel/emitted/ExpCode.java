package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Operand;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code Math.exp}. exp(x) = 2ⁿ·exp(r), n = round(x / ln 2), |r| ≤ ln(2)/2; the Taylor
 * polynomial of degree 7 is within 6e-9 there, so rounding is what remains (about 1e-7).
 */
abstract sealed class ExpCode<R extends VectorRegister> permits WideExpCode, NarrowExpCode {
  static final float LOG2_E = 1.442695f;

  /** ln 2 in two parts: n·LN2_HIGH is exact for every n that occurs. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.1219444e-4f;
  static final float OVERFLOW = 89f;

  /** Below this the result is smaller than the smallest normal float and becomes zero. */
  static final float UNDERFLOW = -86.5f;

  /** The coefficients of r⁷, r⁶, …, r; that of r⁰ is the last one, too. */
  static final float[] TAYLOR = {1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1f};

  @SuppressWarnings("unchecked") // the code is of the assembler's length
  static <R extends VectorRegister> ExpCode<R> of(VectorAssembler<R> a) {
    return (ExpCode<R>)
        switch (a) {
          case Assembler wide -> new WideExpCode(wide);
          case Avx2Assembler narrow -> new NarrowExpCode(narrow);
        };
  }

  /** Loads what {@link #write} expects. Uses rax. */
  abstract void constants();

  /** One, in all lanes. */
  abstract Operand one();

  /** to = exp(x), exactly zero for −∞; not in place. */
  abstract void write(R to, R x);
}
