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
public final class Assembler extends VectorAssembler<Zmm> {
  private static final int REGISTERS = 32;

  @Override
  public VectorLength length() {
    return VectorLength.BITS_512;
  }

  @Override
  public Zmm register(int number) {
    return new Zmm(number);
  }

  @Override
  public int registers() {
    return REGISTERS;
  }

  @Override
  public LaneMask<Zmm> mask(int number, Zmm register, Zmm temporary) {
    return new KeptMask(new Mask(number));
  }

  /** In a mask register. */
  private final class KeptMask implements LaneMask<Zmm> {
    private final Mask lanes;

    KeptMask(Mask lanes) {
      this.lanes = lanes;
    }

    @Override
    public void set(Gpr bits) {
      kmovw(lanes, bits);
    }

    @Override
    public void load(Zmm to, Mem from) {
      vmovups(to, lanes, from);
    }

    @Override
    public void load(Zmm to, Zmm outside, Mem from) {
      vmovups(to, outside);
      vmovups(to, lanes, from);
    }

    @Override
    public void store(Mem to, Zmm from) {
      vmovups(to, lanes, from);
    }
  }

  @Override
  public void zero(Zmm register) {
    vpxord(register, register, register);
  }

  @Override
  public void broadcast(Zmm to, Gpr from) {
    vpbroadcastd(to, from);
  }

  @Override
  public void exchangeQuarters(Zmm to, Zmm from, int distance) {
    vshuff32x4(to, from, from, distance == 1 ? 0b10_11_00_01 : 0b01_00_11_10);
  }

  @Override
  public void evenQuarters(Zmm to, Zmm a, Zmm b) {
    vshuff32x4(to, a, b, 0b10_00_10_00);
  }

  @Override
  public void oddQuarters(Zmm to, Zmm a, Zmm b) {
    vshuff32x4(to, a, b, 0b11_01_11_01);
  }

  @Override
  public void loadHalf(Zmm to, Mem from) {
    vmovups(new Ymm(to.number()), from);
  }

  @Override
  public void storeQuarter(Mem to, Zmm from) {
    vextracti32x4(to, from, 0);
  }

  @Override
  public void storePart(Mem to, Zmm from, int part, int parts, Zmm temporary) {
    switch (parts) {
      case 1 -> vmovups(to, from);
      case 2 -> vextracti32x8(to, from, part);
      default -> vextracti32x4(to, from, part);
    }
  }

  // --- loads and stores -------------------------------------------------------------------------

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

  @Override
  public void vmovss(Mem to, Zmm from) {
    evex(STORE_FLOAT, from.number(), 0, to);
  }

  /** Lane i is in the mask if bit i is set. */
  public void kmovw(Mask to, Gpr from) {
    vex(MAP_0F, NO_PREFIX, 0x92, to.number(), 0, from.number());
  }

  /** All lanes = the lower 32 bits of a general register. */
  public void vpbroadcastd(Zmm to, Gpr from) {
    evex(BROADCAST_GENERAL, to.number(), 0, new Zmm(from.number()));
  }

  /** All four quarters = the 16 bytes at {@code from}. */
  public void vbroadcasti32x4(Zmm to, Mem from) {
    evex(BROADCAST_QUARTER, to.number(), 0, from);
  }

  /** Lane i = the 32 bits at base + index[i] + displacement. Uses mask register k1. */
  public void vpgatherdd(Zmm to, Gpr base, Zmm index, int displacement) {
    emit(0xC5, 0xF4, 0x46, 0xC9); // kxnorw k1, k1, k1: all lanes
    gather(GATHER, to.number(), 1, base, index, displacement);
  }

  // --- integers ---------------------------------------------------------------------------------

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

  /** Each of the 32-bit lanes of {@code from} rotated right by its lane of {@code bits}. */
  public void vprorvd(Zmm to, Zmm from, Operand bits) {
    evex(ROTATE_LANES, to.number(), from.number(), bits);
  }

  /** Bit by bit to = bit (4·to + 2·a + b) of {@code table}. */
  public void vpternlogd(Zmm to, Zmm a, Operand b, int table) {
    evex(ANY_LOGIC, to.number(), a.number(), b, table);
  }

  /** to[i] += Σ_j a[4i + j]·b[4i + j]: four products of unsigned and signed bytes per lane. */
  public void vpdpbusd(Zmm to, Zmm unsigned, Operand signed) {
    evex(DOT_BYTES, to.number(), unsigned.number(), signed);
  }

  /** 16 unsigned bytes to 16 ints. */
  public void vpmovzxbd(Zmm to, Operand from) {
    evex(WIDEN_UNSIGNED_BYTES, to.number(), 0, from);
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

  /** to[i] += a[2i]·b[2i] + a[2i + 1]·b[2i + 1] of bfloat16 numbers. */
  public void vdpbf16ps(Zmm to, Zmm a, Operand b) {
    evex(DOT_BFLOATS, to.number(), a.number(), b);
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

  /** Quarters of a and b in the order that {@code selection} says, two bits each. */
  public void vshuff32x4(Zmm to, Zmm a, Operand b, int selection) {
    evex(SHUFFLE_QUARTERS, to.number(), a.number(), b, selection);
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

  // --- shapes -----------------------------------------------------------------------------------

  @Override
  void write(Form form, Zmm to, Operand from) {
    evex(form, to.number(), 0, from);
  }

  @Override
  void write(Form form, Zmm to, Zmm a, Operand b) {
    evex(form, to.number(), a.number(), b);
  }

  @Override
  void write(Form form, Zmm to, Operand from, int constant) {
    evex(form, to.number(), 0, from, constant);
  }

  @Override
  void write(Form form, Zmm to, Zmm a, Operand b, int constant) {
    evex(form, to.number(), a.number(), b, constant);
  }

  @Override
  void store(Form form, Mem to, Zmm from) {
    evex(form, from.number(), 0, to);
  }

  @Override
  void shift(Form form, int which, Zmm to, Operand from, int bits) {
    evex(form, which, to.number(), from, bits);
  }

  private static final Form LOAD_INTS = full(MAP_0F, PF3, 0x6F);
  private static final Form STORE_INTS = full(MAP_0F, PF3, 0x7F);
  private static final Form STORE_FLOAT = new Form(MAP_0F, PF3, 0x11, 4, 0);
  private static final Form BROADCAST_GENERAL = full(MAP_0F38, P66, 0x7C);
  private static final Form BROADCAST_QUARTER = part(MAP_0F38, P66, 0x5A, 16);
  private static final Form GATHER = part(MAP_0F38, P66, 0x90, 4);

  private static final Form MULTIPLY_INTS = full(MAP_0F38, P66, 0x40);
  private static final Form AND = full(MAP_0F, P66, 0xDB);
  private static final Form OR = full(MAP_0F, P66, 0xEB);
  private static final Form XOR = full(MAP_0F, P66, 0xEF);
  private static final Form ROTATE_LANES = full(MAP_0F38, P66, 0x14);
  private static final Form ANY_LOGIC = full(MAP_0F3A, P66, 0x25);
  private static final Form DOT_BYTES = full(MAP_0F38, P66, 0x50);
  private static final Form WIDEN_UNSIGNED_BYTES = part(MAP_0F38, P66, 0x31, 16);
  private static final Form NARROW_TO_BYTES = part(MAP_0F38, PF3, 0x31, 16);
  private static final Form NARROW_TO_SHORTS = part(MAP_0F38, PF3, 0x33, 32);

  private static final Form COMPARE = full(MAP_0F, NO_PREFIX, 0xC2);
  private static final Form ROUND = full(MAP_0F3A, P66, 0x08);
  private static final Form SCALE_BY_POWER = full(MAP_0F38, P66, 0x2C);
  private static final Form DOT_BFLOATS = full(MAP_0F38, PF3, 0x52);
  private static final Form FLOATS_TO_BFLOATS = full(MAP_0F38, PF3, 0x72);
  private static final Form STORE_HALF = part(MAP_0F3A, P66, 0x3B, 32);
  private static final Form STORE_QUARTER = part(MAP_0F3A, P66, 0x39, 16);
  private static final Form SHUFFLE_QUARTERS = full(MAP_0F3A, P66, 0x23);
}
