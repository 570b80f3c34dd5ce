package dev.jandaia.machinecode;

/** The last operand of a vector instruction: a register, or memory. */
public sealed interface Operand permits VectorRegister, Mem {}
