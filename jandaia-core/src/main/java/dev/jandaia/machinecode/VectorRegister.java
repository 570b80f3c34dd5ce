package dev.jandaia.machinecode;

/** A vector register of one of the two lengths. */
public sealed interface VectorRegister extends Operand permits Zmm, Ymm {
  int number();
}
