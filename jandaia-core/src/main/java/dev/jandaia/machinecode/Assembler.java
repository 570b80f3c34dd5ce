package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Form.MAP_0F;
import static dev.jandaia.machinecode.Form.MAP_0F38;
import static dev.jandaia.machinecode.Form.MAP_0F3A;
import static dev.jandaia.machinecode.Form.NO_PREFIX;
import static dev.jandaia.machinecode.Form.P66;
import static dev.jandaia.machinecode.Form.PF3;
import static dev.jandaia.machinecode.Form.full;
import static dev.jandaia.machinecode.Form.part;

/**
 * Writes the vector instructions of 512 bits that the kernels need (AVX-512 F, BW, DQ, VNNI, BF16),
 * in the order of Intel's manual: destination first. Each method is named after its instruction.
 */
public final class Assembler extends GeneralAssembler {
  // --- loads and stores -------------------------------------------------------------------------

  public void vmovups(Zmm to, Operand from) {
    evex(LOAD_FLOATS, to.number(), 0, from);
  }

  public void vmovups(Mem to, Zmm from) {
    evex(STORE_FLOATS, from.number(), 0, to);
  }

  /** Loads the lanes of a mask; the others stay, and their memory is not touched. */
  public void vmovups(Zmm to, Mask lanes, Mem from) {
    masked(LOAD_FLOATS, lanes.number(), to.number(), 0, from);
  }

  /** Stores the lanes of a mask. */
  public void vmovups(Mem to, Mask lanes, Zmm from) {
    masked(STORE_FLOATS, lanes.number(), from.number(), 0, to);
  }

  public void vmovdqu32(Zmm to, Operand from) {
    evex(LOAD_INTS, to.number(), 0, from);
  }

  public void vmovdqu32(Mem to, Zmm from) {
    evex(STORE_INTS, from.number(), 0, to);
  }

  /** Stores the first float. */
  public void vmovss(Mem to, Zmm from) {
    evex(STORE_FLOAT, from.number(), 0, to);
  }

  /** Lane i is in the mask if bit i is set. */
  public void kmovw(Mask to, Gpr from) {
    vex(MAP_0F, NO_PREFIX, 0x92, to.number(), 0, from.number());
  }

  /** All lanes = the 32 bits at {@code from}. */
  public void vpbroadcastd(Zmm to, Mem from) {
    evex(BROADCAST_INT, to.number(), 0, from);
  }

  /** All lanes = the lower 32 bits of a general register. */
  public void vpbroadcastd(Zmm to, Gpr from) {
    evex(BROADCAST_GENERAL, to.number(), 0, new Zmm(from.number()));
  }

  /** All lanes = the float at {@code from}, or the first of a register. */
  public void vbroadcastss(Zmm to, Operand from) {
    evex(BROADCAST_FLOAT, to.number(), 0, from);
  }

  /** All four quarters = the 16 bytes at {@code from}. */
  public void vbroadcasti32x4(Zmm to, Mem from) {
    evex(BROADCAST_QUARTER, to.number(), 0, from);
  }

  /** All pairs of lanes = the 64 bits at {@code from}. */
  public void vbroadcasti32x2(Zmm to, Mem from) {
    evex(BROADCAST_PAIR, to.number(), 0, from);
  }

  /** All half lanes = the 16 bits at {@code from}. */
  public void vpbroadcastw(Zmm to, Mem from) {
    evex(BROADCAST_SHORT, to.number(), 0, from);
  }

  /** Lane i = the 32 bits at base + index[i] + displacement. Uses mask register k1. */
  public void vpgatherdd(Zmm to, Gpr base, Zmm index, int displacement) {
    emit(0xC5, 0xF4, 0x46, 0xC9); // kxnorw k1, k1, k1: all lanes
    gather(GATHER, to.number(), 1, base, index, displacement);
  }

  // --- integers ---------------------------------------------------------------------------------

  public void vpaddd(Zmm to, Zmm a, Operand b) {
    evex(ADD_INTS, to.number(), a.number(), b);
  }

  public void vpsubd(Zmm to, Zmm a, Operand b) {
    evex(SUBTRACT_INTS, to.number(), a.number(), b);
  }

  public void vpmulld(Zmm to, Zmm a, Operand b) {
    evex(MULTIPLY_INTS, to.number(), a.number(), b);
  }

  public void vpandd(Zmm to, Zmm a, Operand b) {
    evex(AND, to.number(), a.number(), b);
  }

  public void vpord(Zmm to, Zmm a, Operand b) {
    evex(OR, to.number(), a.number(), b);
  }

  public void vpxord(Zmm to, Zmm a, Operand b) {
    evex(XOR, to.number(), a.number(), b);
  }

  /** Each of the 32-bit lanes shifted left. */
  public void vpslld(Zmm to, Operand from, int bits) {
    evex(SHIFT, 6, to.number(), from, bits);
  }

  /** Each of the 32-bit lanes shifted right, zeros from the left. */
  public void vpsrld(Zmm to, Operand from, int bits) {
    evex(SHIFT, 2, to.number(), from, bits);
  }

  /** Each of the 32-bit lanes shifted right, signs from the left. */
  public void vpsrad(Zmm to, Operand from, int bits) {
    evex(SHIFT, 4, to.number(), from, bits);
  }

  /** Each of the 32-bit lanes of {@code from} shifted left by its lane of {@code bits}. */
  public void vpsllvd(Zmm to, Zmm from, Operand bits) {
    evex(SHIFT_LANES_LEFT, to.number(), from.number(), bits);
  }

  /** Each of the 32-bit lanes of {@code from} shifted right by its lane of {@code bits}. */
  public void vpsrlvd(Zmm to, Zmm from, Operand bits) {
    evex(SHIFT_LANES, to.number(), from.number(), bits);
  }

  /** Each of the 32-bit lanes of {@code from} rotated right by its lane of {@code bits}. */
  public void vprorvd(Zmm to, Zmm from, Operand bits) {
    evex(ROTATE_LANES, to.number(), from.number(), bits);
  }

  /** Bit by bit to = bit (4·to + 2·a + b) of {@code table}. */
  public void vpternlogd(Zmm to, Zmm a, Operand b, int table) {
    evex(ANY_LOGIC, to.number(), a.number(), b, table);
  }

  /** Looks bytes up: in each quarter, byte i = a[b[i] & 15], or 0 if b[i] is negative. */
  public void vpshufb(Zmm to, Zmm a, Operand b) {
    evex(LOOK_UP, to.number(), a.number(), b);
  }

  /** to[i] += Σ_j a[4i + j]·b[4i + j]: four products of unsigned and signed bytes per lane. */
  public void vpdpbusd(Zmm to, Zmm unsigned, Operand signed) {
    evex(DOT_BYTES, to.number(), unsigned.number(), signed);
  }

  /** Quarter by quarter the ints of a, then those of b, to signed shorts. */
  public void vpackssdw(Zmm to, Zmm a, Operand b) {
    evex(PACK_INTS, to.number(), a.number(), b);
  }

  /** Quarter by quarter the shorts of a, then those of b, to signed bytes. */
  public void vpacksswb(Zmm to, Zmm a, Operand b) {
    evex(PACK_SHORTS, to.number(), a.number(), b);
  }

  /** 16 unsigned bytes to 16 ints. */
  public void vpmovzxbd(Zmm to, Operand from) {
    evex(WIDEN_UNSIGNED_BYTES, to.number(), 0, from);
  }

  /** 16 signed bytes to 16 ints. */
  public void vpmovsxbd(Zmm to, Operand from) {
    evex(WIDEN_SIGNED_BYTES, to.number(), 0, from);
  }

  /** 16 unsigned shorts to 16 ints. */
  public void vpmovzxwd(Zmm to, Operand from) {
    evex(WIDEN_UNSIGNED_SHORTS, to.number(), 0, from);
  }

  /** The lower bytes of 16 ints. */
  public void vpmovdb(Mem to, Zmm from) {
    evex(NARROW_TO_BYTES, from.number(), 0, to);
  }

  /** The lower halves of 16 ints. */
  public void vpmovdw(Mem to, Zmm from) {
    evex(NARROW_TO_SHORTS, from.number(), 0, to);
  }

  // --- floats -----------------------------------------------------------------------------------

  public void vaddps(Zmm to, Zmm a, Operand b) {
    evex(ADD, to.number(), a.number(), b);
  }

  public void vsubps(Zmm to, Zmm a, Operand b) {
    evex(SUBTRACT, to.number(), a.number(), b);
  }

  public void vmulps(Zmm to, Zmm a, Operand b) {
    evex(MULTIPLY, to.number(), a.number(), b);
  }

  public void vdivps(Zmm to, Zmm a, Operand b) {
    evex(DIVIDE, to.number(), a.number(), b);
  }

  /** b where either is not a number. */
  public void vminps(Zmm to, Zmm a, Operand b) {
    evex(MINIMUM, to.number(), a.number(), b);
  }

  /** b where either is not a number. */
  public void vmaxps(Zmm to, Zmm a, Operand b) {
    evex(MAXIMUM, to.number(), a.number(), b);
  }

  /** to += a·b. */
  public void vfmadd231ps(Zmm to, Zmm a, Operand b) {
    evex(MULTIPLY_ADD, to.number(), a.number(), b);
  }

  /** to = to·a + b. */
  public void vfmadd213ps(Zmm to, Zmm a, Operand b) {
    evex(MULTIPLY_BY_ADD, to.number(), a.number(), b);
  }

  /** Lane i is in the mask unless a[i] < b[i]. */
  public void vcmpnltps(Mask to, Zmm a, Operand b) {
    evex(COMPARE, to.number(), a.number(), b, 5);
  }

  /** Rounds to the nearest integer, ties to even. */
  public void vrndscaleps(Zmm to, Operand from) {
    evex(ROUND, to.number(), 0, from, 0);
  }

  /** to = a·2ᵇ for integers b, in the lanes of a mask; the others stay. */
  public void vscalefps(Zmm to, Mask lanes, Zmm a, Operand b) {
    masked(SCALE_BY_POWER, lanes.number(), to.number(), a.number(), b);
  }

  /** to −= a·b. */
  public void vfnmadd231ps(Zmm to, Zmm a, Operand b) {
    evex(MULTIPLY_SUBTRACT, to.number(), a.number(), b);
  }

  /** to[i] += a[2i]·b[2i] + a[2i + 1]·b[2i + 1] of bfloat16 numbers. */
  public void vdpbf16ps(Zmm to, Zmm a, Operand b) {
    evex(DOT_BFLOATS, to.number(), a.number(), b);
  }

  public void vcvtdq2ps(Zmm to, Operand from) {
    evex(INTS_TO_FLOATS, to.number(), 0, from);
  }

  /** Rounds to the nearest int, ties to even. */
  public void vcvtps2dq(Zmm to, Operand from) {
    evex(FLOATS_TO_INTS, to.number(), 0, from);
  }

  /** 16 half-precision numbers to floats. */
  public void vcvtph2ps(Zmm to, Operand from) {
    evex(HALVES_TO_FLOATS, to.number(), 0, from);
  }

  /** 16 floats to bfloat16, ties to even, in the lower half of {@code to}. */
  public void vcvtneps2bf16(Zmm to, Operand from) {
    evex(FLOATS_TO_BFLOATS, to.number(), 0, from);
  }

  /** Stores the lower half: 32 bytes. */
  public void vextracti32x8(Mem to, Zmm from, int half) {
    evex(STORE_HALF, from.number(), 0, to, half);
  }

  /** Stores a quarter: 16 bytes. */
  public void vextracti32x4(Mem to, Zmm from, int quarter) {
    evex(STORE_QUARTER, from.number(), 0, to, quarter);
  }

  /** Lane i = lane index[i] & 15 of {@code table}. */
  public void vpermps(Zmm to, Zmm index, Operand table) {
    evex(PERMUTE_FLOATS, to.number(), index.number(), table);
  }

  /** In each quarter two floats of a, then two of b, as {@code selection} says, two bits each. */
  public void vshufps(Zmm to, Zmm a, Operand b, int selection) {
    evex(SHUFFLE_PAIRS, to.number(), a.number(), b, selection);
  }

  /** Quarters of a and b in the order that {@code selection} says, two bits each. */
  public void vshuff32x4(Zmm to, Zmm a, Operand b, int selection) {
    evex(SHUFFLE_QUARTERS, to.number(), a.number(), b, selection);
  }

  /** The floats of each quarter in the order that {@code selection} says, two bits each. */
  public void vpermilps(Zmm to, Operand from, int selection) {
    evex(SHUFFLE_FLOATS, to.number(), 0, from, selection);
  }

  // --- half registers ---------------------------------------------------------------------------

  public void vmovups(Ymm to, Operand from) {
    evex(LOAD_FLOATS.half(), to.number(), 0, from);
  }

  public void vpxord(Ymm to, Ymm a, Operand b) {
    evex(XOR.half(), to.number(), a.number(), b);
  }

  /** As {@link #vpdpbusd(Zmm, Zmm, Operand)}, on 8 lanes. */
  public void vpdpbusd(Ymm to, Ymm unsigned, Operand signed) {
    evex(DOT_BYTES.half(), to.number(), unsigned.number(), signed);
  }

  public void vmulps(Ymm to, Ymm a, Operand b) {
    evex(MULTIPLY.half(), to.number(), a.number(), b);
  }

  /** to += a·b. */
  public void vfmadd231ps(Ymm to, Ymm a, Operand b) {
    evex(MULTIPLY_ADD.half(), to.number(), a.number(), b);
  }

  public void vcvtdq2ps(Ymm to, Operand from) {
    evex(INTS_TO_FLOATS.half(), to.number(), 0, from);
  }

  /** 8 half-precision numbers to floats. */
  public void vcvtph2ps(Ymm to, Operand from) {
    evex(HALVES_TO_FLOATS.half(), to.number(), 0, from);
  }

  /** All lanes = the 32 bits at {@code from}. */
  public void vpbroadcastd(Ymm to, Mem from) {
    evex(BROADCAST_INT.halfOfSameMemory(), to.number(), 0, from);
  }

  /** All lanes = the 16 bits at {@code from}. */
  public void vpbroadcastw(Ymm to, Mem from) {
    evex(BROADCAST_SHORT.halfOfSameMemory(), to.number(), 0, from);
  }

  private static final Form LOAD_FLOATS = full(MAP_0F, NO_PREFIX, 0x10);
  private static final Form STORE_FLOATS = full(MAP_0F, NO_PREFIX, 0x11);
  private static final Form LOAD_INTS = full(MAP_0F, PF3, 0x6F);
  private static final Form STORE_INTS = full(MAP_0F, PF3, 0x7F);
  private static final Form STORE_FLOAT = new Form(MAP_0F, PF3, 0x11, 4, 0);
  private static final Form BROADCAST_INT = part(MAP_0F38, P66, 0x58, 4);
  private static final Form BROADCAST_SHORT = part(MAP_0F38, P66, 0x79, 2);
  private static final Form BROADCAST_GENERAL = full(MAP_0F38, P66, 0x7C);
  private static final Form BROADCAST_FLOAT = part(MAP_0F38, P66, 0x18, 4);
  private static final Form BROADCAST_QUARTER = part(MAP_0F38, P66, 0x5A, 16);
  private static final Form BROADCAST_PAIR = part(MAP_0F38, P66, 0x59, 8);
  private static final Form GATHER = part(MAP_0F38, P66, 0x90, 4);

  private static final Form ADD_INTS = full(MAP_0F, P66, 0xFE);
  private static final Form SUBTRACT_INTS = full(MAP_0F, P66, 0xFA);
  private static final Form MULTIPLY_INTS = full(MAP_0F38, P66, 0x40);
  private static final Form AND = full(MAP_0F, P66, 0xDB);
  private static final Form OR = full(MAP_0F, P66, 0xEB);
  private static final Form XOR = full(MAP_0F, P66, 0xEF);
  private static final Form SHIFT = full(MAP_0F, P66, 0x72);
  private static final Form SHIFT_LANES_LEFT = full(MAP_0F38, P66, 0x47);
  private static final Form SHIFT_LANES = full(MAP_0F38, P66, 0x45);
  private static final Form ROTATE_LANES = full(MAP_0F38, P66, 0x14);
  private static final Form ANY_LOGIC = full(MAP_0F3A, P66, 0x25);
  private static final Form LOOK_UP = full(MAP_0F38, P66, 0x00);
  private static final Form DOT_BYTES = full(MAP_0F38, P66, 0x50);
  private static final Form PACK_INTS = full(MAP_0F, P66, 0x6B);
  private static final Form PACK_SHORTS = full(MAP_0F, P66, 0x63);
  private static final Form WIDEN_UNSIGNED_BYTES = part(MAP_0F38, P66, 0x31, 16);
  private static final Form WIDEN_SIGNED_BYTES = part(MAP_0F38, P66, 0x21, 16);
  private static final Form WIDEN_UNSIGNED_SHORTS = part(MAP_0F38, P66, 0x33, 32);
  private static final Form NARROW_TO_BYTES = part(MAP_0F38, PF3, 0x31, 16);
  private static final Form NARROW_TO_SHORTS = part(MAP_0F38, PF3, 0x33, 32);

  private static final Form ADD = full(MAP_0F, NO_PREFIX, 0x58);
  private static final Form SUBTRACT = full(MAP_0F, NO_PREFIX, 0x5C);
  private static final Form MULTIPLY = full(MAP_0F, NO_PREFIX, 0x59);
  private static final Form DIVIDE = full(MAP_0F, NO_PREFIX, 0x5E);
  private static final Form MINIMUM = full(MAP_0F, NO_PREFIX, 0x5D);
  private static final Form MAXIMUM = full(MAP_0F, NO_PREFIX, 0x5F);
  private static final Form MULTIPLY_ADD = full(MAP_0F38, P66, 0xB8);
  private static final Form MULTIPLY_BY_ADD = full(MAP_0F38, P66, 0xA8);
  private static final Form COMPARE = full(MAP_0F, NO_PREFIX, 0xC2);
  private static final Form ROUND = full(MAP_0F3A, P66, 0x08);
  private static final Form SCALE_BY_POWER = full(MAP_0F38, P66, 0x2C);
  private static final Form MULTIPLY_SUBTRACT = full(MAP_0F38, P66, 0xBC);
  private static final Form DOT_BFLOATS = full(MAP_0F38, PF3, 0x52);
  private static final Form INTS_TO_FLOATS = full(MAP_0F, NO_PREFIX, 0x5B);
  private static final Form FLOATS_TO_INTS = full(MAP_0F, P66, 0x5B);
  private static final Form HALVES_TO_FLOATS = part(MAP_0F38, P66, 0x13, 32);
  private static final Form FLOATS_TO_BFLOATS = full(MAP_0F38, PF3, 0x72);
  private static final Form STORE_HALF = part(MAP_0F3A, P66, 0x3B, 32);
  private static final Form STORE_QUARTER = part(MAP_0F3A, P66, 0x39, 16);
  private static final Form PERMUTE_FLOATS = full(MAP_0F38, P66, 0x16);
  private static final Form SHUFFLE_PAIRS = full(MAP_0F, NO_PREFIX, 0xC6);
  private static final Form SHUFFLE_QUARTERS = full(MAP_0F3A, P66, 0x23);
  private static final Form SHUFFLE_FLOATS = full(MAP_0F3A, P66, 0x04);
}
