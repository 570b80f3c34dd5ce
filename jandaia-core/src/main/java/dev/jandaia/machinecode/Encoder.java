package dev.jandaia.machinecode;

import java.util.Arrays;

/**
 * Puts x86-64 instructions into bytes (Intel SDM volume 2, chapter 2). Knows the shapes of
 * instructions; {@link Assembler} knows the instructions.
 */
class Encoder {
  /** The ModRM value of rm that announces a SIB byte. */
  private static final int SIB = 4;

  private static final int NO_INDEX = 4;

  private byte[] code = new byte[1024];
  private int size;

  /** The code so far. */
  public final byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /** Bytes of code so far. */
  public final int size() {
    return size;
  }

  final void emit(int... bytes) {
    if (size + bytes.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    for (int b : bytes) {
      code[size++] = (byte) b;
    }
  }

  final void emitInt(int value) {
    emit(value, value >> 8, value >> 16, value >> 24);
  }

  final void patchInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >> 8 * i);
    }
  }

  /** A 64-bit instruction on two general registers: REX.W, opcode, ModRM. */
  final void general(int opcode, int reg, int rm) {
    emit(0x48 | reg >> 3 << 2 | rm >> 3, opcode, 0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** An instruction on a general register and memory, of 64 bits if {@code wide}, else 32. */
  final void general(boolean wide, int opcode, int reg, Mem mem) {
    general(wide, reg, mem, opcode);
  }

  /** As above, with an opcode of several bytes. */
  final void general(boolean wide, int reg, Mem mem, int... opcode) {
    int index = mem.index().isPresent() ? mem.index().get().number() : 0;
    int rex = (wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | mem.base().number() >> 3;
    if (rex != 0) {
      emit(0x40 | rex);
    }
    emit(opcode);
    address(reg, mem.base().number(), mem.index().isPresent() ? index : NO_INDEX, mem, 1);
  }

  /** An instruction on general or mask registers, with a VEX prefix. */
  final void vex(int map, int prefix, int opcode, int reg, int second, int rm) {
    int rest = (~second & 15) << 3 | prefix;
    if (map == Form.MAP_0F && rm < 8) {
      emit(0xC5, (~reg >> 3 & 1) << 7 | rest);
    } else {
      emit(0xC4, (~reg >> 3 & 1) << 7 | 0x40 | (~rm >> 3 & 1) << 5 | map, rest);
    }
    emit(opcode, 0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /**
   * A vector instruction of 256 bits with a VEX prefix, on registers 0 to 15.
   *
   * @param second the register in the prefix, 0 for none
   */
  final void vex(VexForm form, int reg, int second, Operand rm) {
    switch (rm) {
      case Ymm ymm -> {
        vexPrefix(form, reg, second, 0, ymm.number());
        emit(form.opcode(), 0xC0 | (reg & 7) << 3 | ymm.number() & 7);
      }
      case Mem mem -> {
        int index = mem.index().isPresent() ? mem.index().get().number() : 0;
        vexPrefix(form, reg, second, index, mem.base().number());
        emit(form.opcode());
        address(reg, mem.base().number(), mem.index().isPresent() ? index : NO_INDEX, mem, 1);
      }
      case Zmm zmm -> throw new IllegalArgumentException("expected 256 bits, found " + zmm);
    }
  }

  /** As {@link #vex(VexForm, int, int, Operand)}, with a byte of constant. */
  final void vex(VexForm form, int reg, int second, Operand rm, int constant) {
    vex(form, reg, second, rm);
    emit(constant);
  }

  /** Two bytes where they suffice, else three; register bits are stored inverted. */
  private void vexPrefix(VexForm form, int reg, int second, int x, int b) {
    int rest = (~second & 15) << 3 | form.length() << 2 | form.prefix();
    int r = (~reg >> 3 & 1) << 7;
    if (form.map() == Form.MAP_0F && x < 8 && b < 8) {
      emit(0xC5, r | rest);
    } else {
      emit(0xC4, r | (~x >> 3 & 1) << 6 | (~b >> 3 & 1) << 5 | form.map(), rest);
    }
  }

  /** A three-operand vector instruction. */
  final void evex(Form form, int reg, int second, Operand rm) {
    masked(form, Mask.NONE, reg, second, rm);
  }

  /** As {@link #evex(Form, int, int, Operand)}, on the lanes of a mask; the others stay. */
  final void masked(Form form, int mask, int reg, int second, Operand rm) {
    switch (rm) {
      case Zmm zmm -> evex(form, mask, reg, second, zmm.number());
      case Ymm ymm -> evex(form, mask, reg, second, ymm.number());
      case Mem mem -> {
        int index = mem.index().isPresent() ? mem.index().get().number() : 0;
        prefix(form, reg, second, index >> 3, mem.base().number() >> 3, mem.broadcast(), mask);
        emit(form.opcode());
        int unit = mem.broadcast() ? 4 : form.memoryBytes();
        address(reg, mem.base().number(), mem.index().isPresent() ? index : NO_INDEX, mem, unit);
      }
    }
  }

  private void evex(Form form, int mask, int reg, int second, int last) {
    prefix(form, reg, second, last >> 4, last >> 3, false, mask);
    emit(form.opcode(), 0xC0 | (reg & 7) << 3 | last & 7);
  }

  /** As {@link #evex(Form, int, int, Operand)}, with a byte of constant. */
  final void evex(Form form, int reg, int second, Operand rm, int constant) {
    evex(form, reg, second, rm);
    emit(constant);
  }

  /** A gather: lane i reads the address base + index[i] + displacement; {@code mask} is used up. */
  final void gather(Form form, int reg, int mask, Gpr base, Zmm index, int displacement) {
    int i = index.number();
    // The fifth bit of the index register has the place of the fifth bit of the second operand.
    prefix(form, reg, i & 16, i >> 3, base.number() >> 3, false, mask);
    emit(form.opcode());
    address(reg, base.number(), i & 15, Mem.at(base, Gpr.RAX, 1, displacement), 4);
  }

  /** The four bytes of an EVEX prefix; register bits are stored inverted. */
  private void prefix(Form form, int reg, int second, int x, int b, boolean broadcast, int mask) {
    emit(
        0x62,
        (~reg >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~reg >> 4 & 1) << 4 | form.map(),
        (~second & 15) << 3 | 4 | form.prefix(),
        form.length() << 5 | (broadcast ? 16 : 0) | (~second >> 4 & 1) << 3 | mask);
  }

  /**
   * ModRM, SIB and displacement of a memory operand.
   *
   * @param index number of the index register, {@link #NO_INDEX} for none
   * @param unit what a one-byte displacement counts
   */
  private void address(int reg, int base, int index, Mem mem, int unit) {
    int displacement = mem.displacement();
    boolean sib = index != NO_INDEX || (base & 7) == SIB;
    int mode = mode(displacement, base, unit);
    emit(mode << 6 | (reg & 7) << 3 | (sib ? SIB : base & 7));
    if (sib) {
      emit(Integer.numberOfTrailingZeros(mem.scale()) << 6 | (index & 7) << 3 | base & 7);
    }
    if (mode == 1) {
      emit(displacement / unit);
    } else if (mode == 2) {
      emitInt(displacement);
    }
  }

  /** 0 without a displacement, 1 for one byte, 2 for four. Base rbp or r13 always needs one. */
  private static int mode(int displacement, int base, int unit) {
    if (displacement == 0 && (base & 7) != 5) {
      return 0;
    }
    boolean small = displacement % unit == 0 && displacement / unit == (byte) (displacement / unit);
    return small ? 1 : 2;
  }
}
