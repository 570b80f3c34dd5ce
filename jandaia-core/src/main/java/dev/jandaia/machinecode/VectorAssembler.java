package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Form.MAP_0F;
import static dev.jandaia.machinecode.Form.MAP_0F38;
import static dev.jandaia.machinecode.Form.MAP_0F3A;
import static dev.jandaia.machinecode.Form.NO_PREFIX;
import static dev.jandaia.machinecode.Form.P66;
import static dev.jandaia.machinecode.Form.full;
import static dev.jandaia.machinecode.Form.part;

/**
 * Writes the vector instructions that registers of 512 and of 256 bits have in common, so that a
 * kernel which needs no others is written once for both. They are of the same bytes but for their
 * prefixes. Each method is named after its instruction where there is one for both.
 *
 * @param <R> registers of one length
 */
public abstract sealed class VectorAssembler<R extends VectorRegister> extends GeneralAssembler
    permits Assembler, Avx2Assembler {
  private static final int QUARTER_LANES = 4;

  // --- what depends on the length ---------------------------------------------------------------

  public abstract VectorLength length();

  /** The register of a number. */
  public abstract R register(int number);

  /** How many registers there are. */
  public abstract int registers();

  /**
   * A mask, to be set before it is used.
   *
   * @param number of the mask register that keeps it, where there are such
   * @param register that keeps it elsewhere
   * @param temporary that setting it uses up there
   */
  public abstract LaneMask<R> mask(int number, R register, R temporary);

  abstract void write(Form form, R to, Operand from);

  abstract void write(Form form, R to, R a, Operand b);

  abstract void write(Form form, R to, R a, Operand b, int constant);

  abstract void write(Form form, R to, Operand from, int constant);

  /** Stores: the register is the first operand, though it is read. */
  abstract void store(Form form, Mem to, R from);

  /** Shifts by a constant: the opcode goes on in the place of a register. */
  abstract void shift(Form form, int which, R to, Operand from, int bits);

  /** Floats of a register. */
  public final int lanes() {
    return length().lanes();
  }

  /** Bytes of a register. */
  public final int bytes() {
    return Float.BYTES * lanes();
  }

  /** Parts of 128 bits, within which many instructions stay. */
  public final int quarters() {
    return lanes() / QUARTER_LANES;
  }

  /** All lanes = 0. */
  public abstract void zero(R register);

  /** All lanes = the lower 32 bits of a general register. */
  public abstract void broadcast(R to, Gpr from);

  /** All lanes = a constant. Uses rax. */
  public final void constant(R to, int value) {
    mov32(Gpr.RAX, value);
    broadcast(to, Gpr.RAX);
  }

  /** All lanes = a constant. Uses rax. */
  public final void constant(R to, float value) {
    constant(to, Float.floatToRawIntBits(value));
  }

  /** Each part of 128 bits = that whose number is another in the bits of {@code distance}. */
  public abstract void exchangeQuarters(R to, R from, int distance);

  /** Of each part of 128 bits with an even number: those of a, then those of b. */
  public abstract void evenQuarters(R to, R a, R b);

  /** Of each part of 128 bits with an odd number: those of a, then those of b. */
  public abstract void oddQuarters(R to, R a, R b);

  /** Loads the lower half; the upper one becomes zero. */
  public abstract void loadHalf(R to, Mem from);

  /** Stores the lowest 128 bits. */
  public abstract void storeQuarter(Mem to, R from);

  /**
   * Stores one of 1, 2 or 4 equal parts of the lanes.
   *
   * @param temporary is used up
   */
  public abstract void storePart(Mem to, R from, int part, int parts, R temporary);

  // --- loads and stores -------------------------------------------------------------------------

  public final void vmovups(R to, Operand from) {
    write(LOAD_FLOATS, to, from);
  }

  public final void vmovups(Mem to, R from) {
    store(STORE_FLOATS, to, from);
  }

  /** Stores the float of the lowest lane. */
  public abstract void vmovss(Mem to, R from);

  /** All lanes = the 32 bits at {@code from}, or the lowest of a register. */
  public final void vpbroadcastd(R to, Operand from) {
    write(BROADCAST_INT, to, from);
  }

  /** All pairs of lanes = the 64 bits at {@code from}. */
  public final void broadcastPair(R to, Mem from) {
    write(BROADCAST_PAIR, to, from);
  }

  /** All half lanes = the 16 bits at {@code from}. */
  public final void vpbroadcastw(R to, Mem from) {
    write(BROADCAST_SHORT, to, from);
  }

  /** All lanes = the float at {@code from}, or the lowest of a register. */
  public final void vbroadcastss(R to, Operand from) {
    write(BROADCAST_FLOAT, to, from);
  }

  // --- integers ---------------------------------------------------------------------------------

  public final void vpaddd(R to, R a, Operand b) {
    write(ADD_INTS, to, a, b);
  }

  public final void vpsubd(R to, R a, Operand b) {
    write(SUBTRACT_INTS, to, a, b);
  }

  /** Each of the 32-bit lanes shifted left; 256 bits only of a register. */
  public final void vpslld(R to, Operand from, int bits) {
    shift(SHIFT, 6, to, from, bits);
  }

  /** Each of the 32-bit lanes shifted right, zeros from the left; 256 bits only of a register. */
  public final void vpsrld(R to, Operand from, int bits) {
    shift(SHIFT, 2, to, from, bits);
  }

  /** Each of the 32-bit lanes shifted right, signs from the left; 256 bits only of a register. */
  public final void vpsrad(R to, Operand from, int bits) {
    shift(SHIFT, 4, to, from, bits);
  }

  /** Each of the 32-bit lanes of {@code from} shifted left by its lane of {@code bits}. */
  public final void vpsllvd(R to, R from, Operand bits) {
    write(SHIFT_LANES_LEFT, to, from, bits);
  }

  /** Each of the 32-bit lanes of {@code from} shifted right by its lane of {@code bits}. */
  public final void vpsrlvd(R to, R from, Operand bits) {
    write(SHIFT_LANES, to, from, bits);
  }

  /** Looks bytes up: in each 128 bits, byte i = a[b[i] & 15], or 0 if b[i] is negative. */
  public final void vpshufb(R to, R a, Operand b) {
    write(LOOK_UP, to, a, b);
  }

  /** Each 128 bits: the ints of a, then those of b, to signed shorts. */
  public final void vpackssdw(R to, R a, Operand b) {
    write(PACK_INTS, to, a, b);
  }

  /** Each 128 bits: the shorts of a, then those of b, to signed bytes. */
  public final void vpacksswb(R to, R a, Operand b) {
    write(PACK_SHORTS, to, a, b);
  }

  /** Signed bytes to ints. */
  public final void vpmovsxbd(R to, Operand from) {
    write(WIDEN_SIGNED_BYTES, to, from);
  }

  /** Unsigned shorts to ints. */
  public final void vpmovzxwd(R to, Operand from) {
    write(WIDEN_UNSIGNED_SHORTS, to, from);
  }

  // --- floats -----------------------------------------------------------------------------------

  public final void vaddps(R to, R a, Operand b) {
    write(ADD, to, a, b);
  }

  public final void vsubps(R to, R a, Operand b) {
    write(SUBTRACT, to, a, b);
  }

  public final void vmulps(R to, R a, Operand b) {
    write(MULTIPLY, to, a, b);
  }

  public final void vdivps(R to, R a, Operand b) {
    write(DIVIDE, to, a, b);
  }

  /** b where either is not a number. */
  public final void vminps(R to, R a, Operand b) {
    write(MINIMUM, to, a, b);
  }

  /** b where either is not a number. */
  public final void vmaxps(R to, R a, Operand b) {
    write(MAXIMUM, to, a, b);
  }

  /** to += a·b. */
  public final void vfmadd231ps(R to, R a, Operand b) {
    write(MULTIPLY_ADD, to, a, b);
  }

  /** to = to·a + b. */
  public final void vfmadd213ps(R to, R a, Operand b) {
    write(MULTIPLY_BY_ADD, to, a, b);
  }

  /** to −= a·b. */
  public final void vfnmadd231ps(R to, R a, Operand b) {
    write(MULTIPLY_SUBTRACT, to, a, b);
  }

  public final void vcvtdq2ps(R to, Operand from) {
    write(INTS_TO_FLOATS, to, from);
  }

  /** Rounds to the nearest int, ties to even. */
  public final void vcvtps2dq(R to, Operand from) {
    write(FLOATS_TO_INTS, to, from);
  }

  /** Half-precision numbers to floats. */
  public final void vcvtph2ps(R to, Operand from) {
    write(HALVES_TO_FLOATS, to, from);
  }

  // --- permutations -----------------------------------------------------------------------------

  /** Lane i = lane index[i], modulo their number, of {@code table}. */
  public final void vpermps(R to, R index, Operand table) {
    write(PERMUTE_FLOATS, to, index, table);
  }

  /** In each 128 bits two floats of a, then two of b, as {@code selection} says, two bits each. */
  public final void vshufps(R to, R a, Operand b, int selection) {
    write(SHUFFLE_PAIRS, to, a, b, selection);
  }

  /** The floats of each 128 bits in the order that {@code selection} says, two bits each. */
  public final void vpermilps(R to, Operand from, int selection) {
    write(SHUFFLE_FLOATS, to, from, selection);
  }

  static final Form LOAD_FLOATS = full(MAP_0F, NO_PREFIX, 0x10);
  static final Form STORE_FLOATS = full(MAP_0F, NO_PREFIX, 0x11);
  static final Form BROADCAST_INT = part(MAP_0F38, P66, 0x58, 4);
  static final Form BROADCAST_SHORT = part(MAP_0F38, P66, 0x79, 2);
  static final Form BROADCAST_PAIR = part(MAP_0F38, P66, 0x59, 8);
  static final Form BROADCAST_FLOAT = part(MAP_0F38, P66, 0x18, 4);
  static final Form ADD_INTS = full(MAP_0F, P66, 0xFE);
  static final Form SUBTRACT_INTS = full(MAP_0F, P66, 0xFA);
  static final Form SHIFT = full(MAP_0F, P66, 0x72);
  static final Form SHIFT_LANES_LEFT = full(MAP_0F38, P66, 0x47);
  static final Form SHIFT_LANES = full(MAP_0F38, P66, 0x45);
  static final Form LOOK_UP = full(MAP_0F38, P66, 0x00);
  static final Form PACK_INTS = full(MAP_0F, P66, 0x6B);
  static final Form PACK_SHORTS = full(MAP_0F, P66, 0x63);
  static final Form WIDEN_SIGNED_BYTES = part(MAP_0F38, P66, 0x21, 16);
  static final Form WIDEN_UNSIGNED_SHORTS = part(MAP_0F38, P66, 0x33, 32);
  static final Form ADD = full(MAP_0F, NO_PREFIX, 0x58);
  static final Form SUBTRACT = full(MAP_0F, NO_PREFIX, 0x5C);
  static final Form MULTIPLY = full(MAP_0F, NO_PREFIX, 0x59);
  static final Form DIVIDE = full(MAP_0F, NO_PREFIX, 0x5E);
  static final Form MINIMUM = full(MAP_0F, NO_PREFIX, 0x5D);
  static final Form MAXIMUM = full(MAP_0F, NO_PREFIX, 0x5F);
  static final Form MULTIPLY_ADD = full(MAP_0F38, P66, 0xB8);
  static final Form MULTIPLY_BY_ADD = full(MAP_0F38, P66, 0xA8);
  static final Form MULTIPLY_SUBTRACT = full(MAP_0F38, P66, 0xBC);
  static final Form INTS_TO_FLOATS = full(MAP_0F, NO_PREFIX, 0x5B);
  static final Form FLOATS_TO_INTS = full(MAP_0F, P66, 0x5B);
  static final Form HALVES_TO_FLOATS = part(MAP_0F38, P66, 0x13, 32);
  static final Form PERMUTE_FLOATS = full(MAP_0F38, P66, 0x16);
  static final Form SHUFFLE_PAIRS = full(MAP_0F, NO_PREFIX, 0xC6);
  static final Form SHUFFLE_FLOATS = full(MAP_0F3A, P66, 0x04);
}
