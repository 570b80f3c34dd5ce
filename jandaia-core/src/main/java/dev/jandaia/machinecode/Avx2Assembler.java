package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Form.MAP_0F;
import static dev.jandaia.machinecode.Form.MAP_0F38;
import static dev.jandaia.machinecode.Form.MAP_0F3A;
import static dev.jandaia.machinecode.Form.NO_PREFIX;
import static dev.jandaia.machinecode.Form.P66;
import static dev.jandaia.machinecode.Form.PF3;

/**
 * Writes vector instructions of 256 bits for processors without AVX-512 (AVX2, FMA, F16C), in the
 * order of Intel's manual: destination first. There are sixteen registers and no masks, and a
 * memory operand is always a whole one. Each method is named after its instruction.
 */
public final class Avx2Assembler extends GeneralAssembler {
  private static final int REGISTERS = 16;

  // --- loads and stores
  // ---------------------------------------------------------------------------

  public void vmovups(Ymm to, Operand from) {
    write(LOAD_FLOATS, to, from);
  }

  public void vmovups(Mem to, Ymm from) {
    write(STORE_FLOATS, from, to);
  }

  public void vmovdqu(Ymm to, Operand from) {
    write(LOAD_INTS, to, from);
  }

  public void vmovdqu(Mem to, Ymm from) {
    write(STORE_INTS, from, to);
  }

  /** The float of the lowest lane. */
  public void vmovss(Mem to, Ymm from) {
    write(STORE_FLOAT, from, to);
  }

  /** The lowest lane = the lower 32 bits of a general register, the others zero. */
  public void vmovd(Ymm to, Gpr from) {
    write(MOVE_GENERAL, to, new Ymm(from.number()));
  }

  /** Both halves = the 16 bytes at {@code from}. */
  public void vbroadcasti128(Ymm to, Mem from) {
    write(BROADCAST_HALF, to, from);
  }

  /** All lanes = the 32 bits at {@code from}, or the lowest of a register. */
  public void vpbroadcastd(Ymm to, Operand from) {
    write(BROADCAST_INT, to, from);
  }

  /** All lanes = the float at {@code from}, or the lowest of a register. */
  public void vbroadcastss(Ymm to, Operand from) {
    write(BROADCAST_FLOAT, to, from);
  }

  // --- integers
  // -----------------------------------------------------------------------------------

  public void vpaddd(Ymm to, Ymm a, Operand b) {
    write(ADD_INTS, to, a, b);
  }

  public void vpaddw(Ymm to, Ymm a, Operand b) {
    write(ADD_SHORTS, to, a, b);
  }

  public void vpsubd(Ymm to, Ymm a, Operand b) {
    write(SUBTRACT_INTS, to, a, b);
  }

  public void vpand(Ymm to, Ymm a, Operand b) {
    write(AND, to, a, b);
  }

  public void vpor(Ymm to, Ymm a, Operand b) {
    write(OR, to, a, b);
  }

  public void vpxor(Ymm to, Ymm a, Operand b) {
    write(XOR, to, a, b);
  }

  /** Bytes of a with the signs of b: negated where b is negative, zero where b is. */
  public void vpsignb(Ymm to, Ymm a, Operand b) {
    write(SIGN_BYTES, to, a, b);
  }

  /**
   * to[i] = a[2i]·b[2i] + a[2i + 1]·b[2i + 1], of unsigned bytes a and signed b; stops at 16 bits.
   */
  public void vpmaddubsw(Ymm to, Ymm a, Operand b) {
    write(MULTIPLY_BYTES, to, a, b);
  }

  /** to[i] = a[2i]·b[2i] + a[2i + 1]·b[2i + 1], of shorts. */
  public void vpmaddwd(Ymm to, Ymm a, Operand b) {
    write(MULTIPLY_SHORTS, to, a, b);
  }

  /** Looks bytes up: in each half, byte i = a[b[i] & 15], or 0 if b[i] is negative. */
  public void vpshufb(Ymm to, Ymm a, Operand b) {
    write(LOOK_UP, to, a, b);
  }

  /** Half by half the ints of a, then those of b, to signed shorts. */
  public void vpackssdw(Ymm to, Ymm a, Operand b) {
    write(PACK_INTS, to, a, b);
  }

  /** Half by half the shorts of a, then those of b, to signed bytes. */
  public void vpacksswb(Ymm to, Ymm a, Operand b) {
    write(PACK_SHORTS, to, a, b);
  }

  /** Each of the 32-bit lanes of a shifted left by its lane of b. */
  public void vpsllvd(Ymm to, Ymm a, Operand b) {
    write(SHIFT_LANES_LEFT, to, a, b);
  }

  /** Bytes without their signs; −128 becomes 128, unsigned. */
  public void vpabsb(Ymm to, Operand from) {
    write(MAGNITUDES, to, from);
  }

  /** 8 unsigned shorts to 8 ints. */
  public void vpmovzxwd(Ymm to, Operand from) {
    write(WIDEN_UNSIGNED_SHORTS, to, from);
  }

  /** Each of the 32-bit lanes shifted left. */
  public void vpslld(Ymm to, Ymm from, int bits) {
    shift(SHIFT_INTS, 6, to, from, bits);
  }

  /** Each of the 32-bit lanes shifted right, zeros from the left. */
  public void vpsrld(Ymm to, Ymm from, int bits) {
    shift(SHIFT_INTS, 2, to, from, bits);
  }

  /** Each of the 32-bit lanes shifted right, signs from the left. */
  public void vpsrad(Ymm to, Ymm from, int bits) {
    shift(SHIFT_INTS, 4, to, from, bits);
  }

  /** Each of the 16-bit lanes shifted left. */
  public void vpsllw(Ymm to, Ymm from, int bits) {
    shift(SHIFT_SHORTS, 6, to, from, bits);
  }

  /** Each of the 16-bit lanes shifted right, signs from the left. */
  public void vpsraw(Ymm to, Ymm from, int bits) {
    shift(SHIFT_SHORTS, 4, to, from, bits);
  }

  /** Each of the 16-bit lanes shifted right, zeros from the left. */
  public void vpsrlw(Ymm to, Ymm from, int bits) {
    shift(SHIFT_SHORTS, 2, to, from, bits);
  }

  // --- floats
  // -------------------------------------------------------------------------------------

  public void vaddps(Ymm to, Ymm a, Operand b) {
    write(ADD, to, a, b);
  }

  public void vmulps(Ymm to, Ymm a, Operand b) {
    write(MULTIPLY, to, a, b);
  }

  public void vdivps(Ymm to, Ymm a, Operand b) {
    write(DIVIDE, to, a, b);
  }

  /** b where either is not a number. */
  public void vmaxps(Ymm to, Ymm a, Operand b) {
    write(MAXIMUM, to, a, b);
  }

  public void vandps(Ymm to, Ymm a, Operand b) {
    write(AND_FLOATS, to, a, b);
  }

  /** to += a·b. */
  public void vfmadd231ps(Ymm to, Ymm a, Operand b) {
    write(MULTIPLY_ADD, to, a, b);
  }

  /** to −= a·b. */
  public void vfnmadd231ps(Ymm to, Ymm a, Operand b) {
    write(MULTIPLY_SUBTRACT, to, a, b);
  }

  /** 8 half-precision numbers to floats. */
  public void vcvtph2ps(Ymm to, Operand from) {
    write(HALVES_TO_FLOATS, to, from);
  }

  public void vcvtdq2ps(Ymm to, Operand from) {
    write(INTS_TO_FLOATS, to, from);
  }

  /** Rounds to the nearest int, ties to even. */
  public void vcvtps2dq(Ymm to, Operand from) {
    write(FLOATS_TO_INTS, to, from);
  }

  // --- permutations
  // -------------------------------------------------------------------------------

  /** Lane i = lane a[i] & 7 of b. */
  public void vpermd(Ymm to, Ymm a, Operand b) {
    write(PERMUTE_INTS, to, a, b);
  }

  /** Halves of a and b in the order that {@code selection} says, four bits each. */
  public void vperm2f128(Ymm to, Ymm a, Operand b, int selection) {
    check(to);
    check(a);
    check(b);
    vex(PERMUTE_HALVES, to.number(), a.number(), b, selection);
  }

  /** The floats of each half in the order that {@code selection} says, two bits each. */
  public void vpermilps(Ymm to, Operand from, int selection) {
    check(to);
    check(from);
    vex(SHUFFLE_FLOATS, to.number(), 0, from, selection);
  }

  /** Lanes of b where the lane of {@code mask} is negative, else of a. */
  public void vblendvps(Ymm to, Ymm a, Operand b, Ymm mask) {
    check(to);
    check(a);
    check(b);
    check(mask);
    vex(BLEND, to.number(), a.number(), b, mask.number() << 4);
  }

  // --- shapes -----------------------------------------------------------------------------------

  private void write(VexForm form, Ymm to, Operand from) {
    check(to);
    check(from);
    vex(form, to.number(), 0, from);
  }

  private void write(VexForm form, Ymm to, Ymm a, Operand b) {
    check(to);
    check(a);
    check(b);
    vex(form, to.number(), a.number(), b);
  }

  /** Shifts by a constant: the opcode goes on in the place of a register. */
  private void shift(VexForm form, int which, Ymm to, Ymm from, int bits) {
    check(to);
    check(from);
    vex(form, which, to.number(), from, bits);
  }

  private static void check(Operand operand) {
    boolean fits =
        switch (operand) {
          case Ymm ymm -> ymm.number() < REGISTERS;
          case Mem mem -> !mem.broadcast();
          case Zmm _ -> false;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "expected a register ymm0..ymm15 or whole memory, found " + operand);
    }
  }

  private static final VexForm LOAD_FLOATS = VexForm.of(MAP_0F, NO_PREFIX, 0x10);
  private static final VexForm STORE_FLOATS = VexForm.of(MAP_0F, NO_PREFIX, 0x11);
  private static final VexForm STORE_FLOAT = VexForm.of(MAP_0F, PF3, 0x11).onQuarter();
  private static final VexForm LOAD_INTS = VexForm.of(MAP_0F, PF3, 0x6F);
  private static final VexForm STORE_INTS = VexForm.of(MAP_0F, PF3, 0x7F);
  private static final VexForm MOVE_GENERAL = VexForm.of(MAP_0F, P66, 0x6E).onQuarter();
  private static final VexForm BROADCAST_HALF = VexForm.of(MAP_0F38, P66, 0x5A);
  private static final VexForm BROADCAST_INT = VexForm.of(MAP_0F38, P66, 0x58);
  private static final VexForm BROADCAST_FLOAT = VexForm.of(MAP_0F38, P66, 0x18);
  private static final VexForm ADD_INTS = VexForm.of(MAP_0F, P66, 0xFE);
  private static final VexForm ADD_SHORTS = VexForm.of(MAP_0F, P66, 0xFD);
  private static final VexForm SUBTRACT_INTS = VexForm.of(MAP_0F, P66, 0xFA);
  private static final VexForm AND = VexForm.of(MAP_0F, P66, 0xDB);
  private static final VexForm OR = VexForm.of(MAP_0F, P66, 0xEB);
  private static final VexForm XOR = VexForm.of(MAP_0F, P66, 0xEF);
  private static final VexForm SIGN_BYTES = VexForm.of(MAP_0F38, P66, 0x08);
  private static final VexForm MULTIPLY_BYTES = VexForm.of(MAP_0F38, P66, 0x04);
  private static final VexForm MULTIPLY_SHORTS = VexForm.of(MAP_0F, P66, 0xF5);
  private static final VexForm LOOK_UP = VexForm.of(MAP_0F38, P66, 0x00);
  private static final VexForm PACK_INTS = VexForm.of(MAP_0F, P66, 0x6B);
  private static final VexForm PACK_SHORTS = VexForm.of(MAP_0F, P66, 0x63);
  private static final VexForm SHIFT_LANES_LEFT = VexForm.of(MAP_0F38, P66, 0x47);
  private static final VexForm MAGNITUDES = VexForm.of(MAP_0F38, P66, 0x1C);
  private static final VexForm WIDEN_UNSIGNED_SHORTS = VexForm.of(MAP_0F38, P66, 0x33);
  private static final VexForm SHIFT_INTS = VexForm.of(MAP_0F, P66, 0x72);
  private static final VexForm SHIFT_SHORTS = VexForm.of(MAP_0F, P66, 0x71);
  private static final VexForm ADD = VexForm.of(MAP_0F, NO_PREFIX, 0x58);
  private static final VexForm MULTIPLY = VexForm.of(MAP_0F, NO_PREFIX, 0x59);
  private static final VexForm DIVIDE = VexForm.of(MAP_0F, NO_PREFIX, 0x5E);
  private static final VexForm MAXIMUM = VexForm.of(MAP_0F, NO_PREFIX, 0x5F);
  private static final VexForm AND_FLOATS = VexForm.of(MAP_0F, NO_PREFIX, 0x54);
  private static final VexForm MULTIPLY_ADD = VexForm.of(MAP_0F38, P66, 0xB8);
  private static final VexForm MULTIPLY_SUBTRACT = VexForm.of(MAP_0F38, P66, 0xBC);
  private static final VexForm HALVES_TO_FLOATS = VexForm.of(MAP_0F38, P66, 0x13);
  private static final VexForm INTS_TO_FLOATS = VexForm.of(MAP_0F, NO_PREFIX, 0x5B);
  private static final VexForm FLOATS_TO_INTS = VexForm.of(MAP_0F, P66, 0x5B);
  private static final VexForm PERMUTE_INTS = VexForm.of(MAP_0F38, P66, 0x36);
  private static final VexForm PERMUTE_HALVES = VexForm.of(MAP_0F3A, P66, 0x06);
  private static final VexForm SHUFFLE_FLOATS = VexForm.of(MAP_0F3A, P66, 0x04);
  private static final VexForm BLEND = VexForm.of(MAP_0F3A, P66, 0x4A);
}
