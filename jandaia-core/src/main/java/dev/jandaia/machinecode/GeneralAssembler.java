package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Form.MAP_0F38;
import static dev.jandaia.machinecode.Form.NO_PREFIX;

/**
 * Writes x86-64 instructions on general registers, jumps and what belongs to no vector length, in
 * the order of Intel's manual: destination first. Each method is named after its instruction.
 */
public abstract sealed class GeneralAssembler extends Encoder permits VectorAssembler {
  /** Marks the place of the next instruction. */
  public Label label() {
    Label label = new Label();
    place(label);
    return label;
  }

  /** Puts a label here and completes the jumps to it. */
  public void place(Label label) {
    label.place(size());
    label.jumps().forEach(at -> patchInt(at, size() - at - 4));
  }

  /** Jumps if the last arithmetic instruction left {@code condition}. */
  public void jump(Condition condition, Label target) {
    int distance = target.position() - (size() + 2);
    if (target.isPlaced() && distance == (byte) distance) {
      emit(0x70 | condition.code(), distance);
      return;
    }
    emit(0x0F, 0x80 | condition.code());
    if (target.isPlaced()) {
      emitInt(target.position() - (size() + 4));
    } else {
      target.jumpFrom(size());
      emitInt(0);
    }
  }

  public void ret() {
    emit(0xC3);
  }

  public void push(Gpr r) {
    if (r.number() > 7) {
      emit(0x41);
    }
    emit(0x50 | r.number() & 7);
  }

  public void pop(Gpr r) {
    if (r.number() > 7) {
      emit(0x41);
    }
    emit(0x58 | r.number() & 7);
  }

  public void mov(Gpr to, Gpr from) {
    general(0x89, from.number(), to.number());
  }

  /** Loads 64 bits. */
  public void mov(Gpr to, Mem from) {
    general(true, 0x8B, to.number(), from);
  }

  /** Loads 32 bits; the upper half becomes zero. */
  public void mov32(Gpr to, Mem from) {
    general(false, 0x8B, to.number(), from);
  }

  /** Loads 16 bits; the rest becomes zero. */
  public void movzxw(Gpr to, Mem from) {
    general(true, to.number(), from, 0x0F, 0xB7);
  }

  /** Copies the lower 32 bits; the upper half becomes zero. */
  public void mov32(Gpr to, Gpr from) {
    int rex = from.number() >> 3 << 2 | to.number() >> 3;
    if (rex != 0) {
      emit(0x40 | rex);
    }
    emit(0x89, 0xC0 | (from.number() & 7) << 3 | to.number() & 7);
  }

  /** Stores the lower 32 bits. */
  public void mov32(Mem to, Gpr from) {
    general(false, 0x89, from.number(), to);
  }

  /** Stores the lower 16 bits. */
  public void mov16(Mem to, Gpr from) {
    emit(0x66);
    general(false, 0x89, from.number(), to);
  }

  /** Loads a 32-bit constant; the upper half becomes zero. */
  public void mov32(Gpr to, int value) {
    if (to.number() > 7) {
      emit(0x41);
    }
    emit(0xB8 | to.number() & 7);
    emitInt(value);
  }

  /** Loads a 64-bit constant. */
  public void mov64(Gpr to, long value) {
    emit(0x48 | to.number() >> 3, 0xB8 | to.number() & 7);
    emitInt((int) value);
    emitInt((int) (value >> 32));
  }

  /** to = the address itself. */
  public void lea(Gpr to, Mem address) {
    general(true, 0x8D, to.number(), address);
  }

  /** Exchanges two registers. */
  public void xchg(Gpr a, Gpr b) {
    general(0x87, b.number(), a.number());
  }

  public void add(Gpr to, Gpr value) {
    general(0x01, value.number(), to.number());
  }

  public void add(Gpr to, int value) {
    arithmetic(0, to, value);
  }

  public void sub(Gpr to, int value) {
    arithmetic(5, to, value);
  }

  public void cmp(Gpr a, int value) {
    arithmetic(7, a, value);
  }

  /** Shifts right, zeros from the left. */
  public void shr(Gpr to, int bits) {
    general(bits == 1 ? 0xD1 : 0xC1, 5, to.number());
    if (bits != 1) {
      emit(bits);
    }
  }

  /** Sets the conditions by a & b. */
  public void test(Gpr a, Gpr b) {
    general(0x85, b.number(), a.number());
  }

  public void imul(Gpr to, Gpr from, int factor) {
    boolean small = factor == (byte) factor;
    general(small ? 0x6B : 0x69, to.number(), from.number());
    if (small) {
      emit(factor);
    } else {
      emitInt(factor);
    }
  }

  private void arithmetic(int operation, Gpr r, int value) {
    boolean small = value == (byte) value;
    if (!small && r == Gpr.RAX) {
      emit(0x48, operation << 3 | 5);
    } else {
      general(small ? 0x83 : 0x81, operation, r.number());
    }
    if (small) {
      emit(value);
    } else {
      emitInt(value);
    }
  }

  /** The lowest {@code count} bits of 32, zeros above; {@code count} up to 255. */
  public void bzhi32(Gpr to, Gpr from, Gpr count) {
    vex(MAP_0F38, NO_PREFIX, 0xF5, to.number(), count.number(), from.number());
  }

  /** Asks the processor: leaf in eax, sub-leaf in ecx; answers in eax, ebx, ecx, edx. */
  public void cpuid() {
    emit(0x0F, 0xA2);
  }

  /** What the operating system saves, for ecx 0: edx:eax. */
  public void xgetbv() {
    emit(0x0F, 0x01, 0xD0);
  }

  /** Clears the upper halves, so that later SSE code runs at full speed. */
  public void vzeroupper() {
    emit(0xC5, 0xF8, 0x77);
  }

  /** Fetches a cache line to the first-level cache. */
  public void prefetcht0(Mem from) {
    prefetch(1, from);
  }

  /** Fetches a cache line to the second-level cache. */
  public void prefetcht1(Mem from) {
    prefetch(2, from);
  }

  private void prefetch(int hint, Mem from) {
    general(false, hint, from, 0x0F, 0x18);
  }
}
