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
public final class Avx2Assembler extends VectorAssembler<Ymm> {
  private static final int REGISTERS = 16;

  /** Lane i of eight bytes: how far bit i is from the sign of an int. */
  private static final long TO_THE_SIGN = 0x1819_1A1B_1C1D_1E1FL;

  @Override
  public VectorLength length() {
    return VectorLength.BITS_256;
  }

  @Override
  public Ymm register(int number) {
    return new Ymm(number);
  }

  @Override
  public int registers() {
    return REGISTERS;
  }

  @Override
  public LaneMask<Ymm> mask(int number, Ymm register, Ymm temporary) {
    return new SignMask(register, temporary);
  }

  /** A register whose lanes are negative where they are in the mask. */
  private final class SignMask implements LaneMask<Ymm> {
    private final Ymm lanes;
    private final Ymm temporary;

    SignMask(Ymm lanes, Ymm temporary) {
      this.lanes = lanes;
      this.temporary = temporary;
    }

    @Override
    public void set(Gpr bits) {
      broadcast(lanes, bits);
      push(Gpr.RAX);
      mov64(Gpr.RAX, TO_THE_SIGN);
      push(Gpr.RAX);
      vpmovsxbd(temporary, Mem.at(Gpr.RSP, 0));
      pop(Gpr.RAX);
      pop(Gpr.RAX);
      vpsllvd(lanes, lanes, temporary);
    }

    @Override
    public void load(Ymm to, Mem from) {
      vmaskmovps(to, lanes, from);
    }

    @Override
    public void load(Ymm to, Ymm outside, Mem from) {
      vmaskmovps(to, lanes, from);
      vblendvps(to, outside, to, lanes);
    }

    @Override
    public void store(Mem to, Ymm from) {
      vmaskmovps(to, lanes, from);
    }
  }

  @Override
  public void zero(Ymm register) {
    vpxor(register, register, register);
  }

  @Override
  public void broadcast(Ymm to, Gpr from) {
    vmovd(to, from);
    vpbroadcastd(to, to);
  }

  @Override
  public void exchangeQuarters(Ymm to, Ymm from, int distance) {
    if (distance != 1) {
      throw new IllegalArgumentException("expected a distance of 1, found " + distance);
    }
    vperm2f128(to, from, from, 0x01);
  }

  @Override
  public void evenQuarters(Ymm to, Ymm a, Ymm b) {
    vperm2f128(to, a, b, 0x20);
  }

  @Override
  public void oddQuarters(Ymm to, Ymm a, Ymm b) {
    vperm2f128(to, a, b, 0x31);
  }

  @Override
  public void loadHalf(Ymm to, Mem from) {
    write(LOAD_QUARTER, to, from);
  }

  @Override
  public void storeQuarter(Mem to, Ymm from) {
    write(STORE_QUARTER, from, to);
  }

  @Override
  public void storePart(Mem to, Ymm from, int part, int parts, Ymm temporary) {
    switch (parts) {
      case 1 -> vmovups(to, from);
      case 2 -> vextractf128(to, from, part);
      default -> storePair(to, from, part, temporary);
    }
  }

  private void storePair(Mem to, Ymm from, int pair, Ymm temporary) {
    Ymm quarter = from;
    if (pair >= 2) {
      exchangeQuarters(temporary, from, 1);
      quarter = temporary;
    }
    if (pair % 2 == 0) {
      vmovlps(to, quarter);
    } else {
      vmovhps(to, quarter);
    }
  }

  // --- loads and stores
  // ---------------------------------------------------------------------------

  public void vmovdqu(Ymm to, Operand from) {
    write(LOAD_INTS, to, from);
  }

  public void vmovdqu(Mem to, Ymm from) {
    write(STORE_INTS, from, to);
  }

  /** Loads the lanes of a mask, the negative ones; the others become zero. */
  public void vmaskmovps(Ymm to, Ymm lanes, Mem from) {
    write(LOAD_LANES, to, lanes, from);
  }

  /** Stores the lanes of a mask, the negative ones. */
  public void vmaskmovps(Mem to, Ymm lanes, Ymm from) {
    write(STORE_LANES, from, lanes, to);
  }

  /** Stores the lower two floats. */
  public void vmovlps(Mem to, Ymm from) {
    write(STORE_LOWER_PAIR, from, to);
  }

  /** Stores the third and fourth float. */
  public void vmovhps(Mem to, Ymm from) {
    write(STORE_UPPER_PAIR, from, to);
  }

  /** Stores a half: 16 bytes. */
  public void vextractf128(Mem to, Ymm from, int half) {
    check(from);
    check(to);
    vex(STORE_HALF, from.number(), 0, to, half);
  }

  @Override
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

  // --- integers
  // -----------------------------------------------------------------------------------

  public void vpaddw(Ymm to, Ymm a, Operand b) {
    write(ADD_SHORTS, to, a, b);
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

  /** Bytes without their signs; −128 becomes 128, unsigned. */
  public void vpabsb(Ymm to, Operand from) {
    write(MAGNITUDES, to, from);
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

  /** All ones in lane i, unless a[i] < b[i]. */
  public void vcmpnltps(Ymm to, Ymm a, Operand b) {
    write(COMPARE, to, a, b, 5);
  }

  public void vandps(Ymm to, Ymm a, Operand b) {
    write(AND_FLOATS, to, a, b);
  }

  // --- permutations
  // -------------------------------------------------------------------------------

  /** Lane i = lane a[i] & 7 of b. */
  public void vpermd(Ymm to, Ymm a, Operand b) {
    write(PERMUTE_INTS, to, a, b);
  }

  /** Halves of a and b in the order that {@code selection} says, four bits each. */
  public void vperm2f128(Ymm to, Ymm a, Operand b, int selection) {
    write(PERMUTE_HALVES, to, a, b, selection);
  }

  /** Lanes of b where the lane of {@code mask} is negative, else of a. */
  public void vblendvps(Ymm to, Ymm a, Operand b, Ymm mask) {
    check(mask);
    write(BLEND, to, a, b, mask.number() << 4);
  }

  // --- shapes -----------------------------------------------------------------------------------

  @Override
  void write(Form form, Ymm to, Operand from) {
    write(narrow(form), to, from);
  }

  @Override
  void write(Form form, Ymm to, Ymm a, Operand b) {
    write(narrow(form), to, a, b);
  }

  @Override
  void write(Form form, Ymm to, Operand from, int constant) {
    check(to);
    check(from);
    vex(narrow(form), to.number(), 0, from, constant);
  }

  @Override
  void write(Form form, Ymm to, Ymm a, Operand b, int constant) {
    write(narrow(form), to, a, b, constant);
  }

  @Override
  void store(Form form, Mem to, Ymm from) {
    write(narrow(form), from, to);
  }

  @Override
  void shift(Form form, int which, Ymm to, Operand from, int bits) {
    if (from instanceof Mem) {
      throw new IllegalArgumentException("expected a register, found " + from);
    }
    shift(narrow(form), which, to, from, bits);
  }

  /** The same instruction on 256 bits. */
  private static VexForm narrow(Form form) {
    return VexForm.of(form.map(), form.prefix(), form.opcode());
  }

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

  private void write(VexForm form, Ymm to, Ymm a, Operand b, int constant) {
    check(to);
    check(a);
    check(b);
    vex(form, to.number(), a.number(), b, constant);
  }

  /** Shifts by a constant: the opcode goes on in the place of a register. */
  private void shift(VexForm form, int which, Ymm to, Operand from, int bits) {
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

  private static final VexForm STORE_FLOAT = VexForm.of(MAP_0F, PF3, 0x11).onQuarter();
  private static final VexForm LOAD_QUARTER = VexForm.of(MAP_0F, NO_PREFIX, 0x10).onQuarter();
  private static final VexForm STORE_QUARTER = VexForm.of(MAP_0F, NO_PREFIX, 0x11).onQuarter();
  private static final VexForm STORE_LOWER_PAIR = VexForm.of(MAP_0F, NO_PREFIX, 0x13).onQuarter();
  private static final VexForm STORE_UPPER_PAIR = VexForm.of(MAP_0F, NO_PREFIX, 0x17).onQuarter();
  private static final VexForm STORE_HALF = VexForm.of(MAP_0F3A, P66, 0x19);
  private static final VexForm LOAD_LANES = VexForm.of(MAP_0F38, P66, 0x2C);
  private static final VexForm STORE_LANES = VexForm.of(MAP_0F38, P66, 0x2E);
  private static final VexForm LOAD_INTS = VexForm.of(MAP_0F, PF3, 0x6F);
  private static final VexForm STORE_INTS = VexForm.of(MAP_0F, PF3, 0x7F);
  private static final VexForm MOVE_GENERAL = VexForm.of(MAP_0F, P66, 0x6E).onQuarter();
  private static final VexForm BROADCAST_HALF = VexForm.of(MAP_0F38, P66, 0x5A);
  private static final VexForm ADD_SHORTS = VexForm.of(MAP_0F, P66, 0xFD);
  private static final VexForm AND = VexForm.of(MAP_0F, P66, 0xDB);
  private static final VexForm OR = VexForm.of(MAP_0F, P66, 0xEB);
  private static final VexForm XOR = VexForm.of(MAP_0F, P66, 0xEF);
  private static final VexForm SIGN_BYTES = VexForm.of(MAP_0F38, P66, 0x08);
  private static final VexForm MULTIPLY_BYTES = VexForm.of(MAP_0F38, P66, 0x04);
  private static final VexForm MULTIPLY_SHORTS = VexForm.of(MAP_0F, P66, 0xF5);
  private static final VexForm MAGNITUDES = VexForm.of(MAP_0F38, P66, 0x1C);
  private static final VexForm SHIFT_SHORTS = VexForm.of(MAP_0F, P66, 0x71);
  private static final VexForm COMPARE = VexForm.of(MAP_0F, NO_PREFIX, 0xC2);
  private static final VexForm AND_FLOATS = VexForm.of(MAP_0F, NO_PREFIX, 0x54);
  private static final VexForm PERMUTE_INTS = VexForm.of(MAP_0F38, P66, 0x36);
  private static final VexForm PERMUTE_HALVES = VexForm.of(MAP_0F3A, P66, 0x06);
  private static final VexForm BLEND = VexForm.of(MAP_0F3A, P66, 0x4A);
}
