package dev.jandaia.machinecode;

/**
 * Some lanes of a register: those that loads and stores touch. The memory of the others is not
 * touched.
 */
public interface LaneMask<R extends VectorRegister> {
  /** Lane i is in the mask if bit i is set. */
  void set(Gpr bits);

  /** Loads the lanes of the mask; {@code to} has zeros in the others, and keeps them. */
  void load(R to, Mem from);

  /** Loads the lanes of the mask; the others become those of {@code outside}. */
  void load(R to, R outside, Mem from);

  /** Stores the lanes of the mask. */
  void store(Mem to, R from);
}
