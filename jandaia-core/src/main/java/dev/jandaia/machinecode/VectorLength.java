package dev.jandaia.machinecode;

/** How long the vector registers are that code is written for. */
public enum VectorLength {
  /** AVX-512: 32 registers, masks. */
  BITS_512(512) {
    @Override
    public VectorAssembler<?> assembler() {
      return new Assembler();
    }
  },

  /** AVX2: 16 registers. */
  BITS_256(256) {
    @Override
    public VectorAssembler<?> assembler() {
      return new Avx2Assembler();
    }
  };

  private final int bits;

  VectorLength(int bits) {
    this.bits = bits;
  }

  public int bits() {
    return bits;
  }

  /** Floats of a register. */
  public int lanes() {
    return bits / Float.SIZE;
  }

  /** For code of this length. */
  public abstract VectorAssembler<?> assembler();
}
