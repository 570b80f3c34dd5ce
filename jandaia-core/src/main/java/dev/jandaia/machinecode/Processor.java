package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * What this processor can do, as it says itself (CPUID) and as far as the operating system saves
 * the registers (XGETBV).
 *
 * @param avx2 256-bit vectors with all that the kernels assume: AVX2, FMA, F16C
 * @param avx512 512-bit vectors with all that the kernels assume: F, BW, DQ, VL
 * @param vnni dot products of bytes
 * @param bf16 dot products of bfloat16
 */
public record Processor(boolean avx2, boolean avx512, boolean vnni, boolean bf16) {
  private static final Processor NONE = new Processor(false, false, false, false);

  /** Bits of ebx of leaf 7: AVX512F, DQ, BW and VL. */
  private static final int AVX512 = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31;

  /** Registers that must be saved for 256 bits: SSE, AVX. */
  private static final int SAVED_256 = 0b110;

  /** For 512 bits also masks and both halves of the longer registers. */
  private static final int SAVED_512 = 0b1110_0110;

  /** Bits of ecx of leaf 1: FMA, AVX, F16C. */
  private static final int FLOATS_256 = 1 << 12 | 1 << 28 | 1 << 29;

  /** The bit of ebx of leaf 7. */
  private static final int AVX2 = 1 << 5;

  private static final int OSXSAVE = 1 << 27;

  /**
   * The processor that runs this; nothing at all where code cannot be made: other architectures,
   * other systems, or a policy against it.
   */
  public static Processor ask() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String system = System.getProperty("os.name");
    boolean known = architecture.equals("amd64") || architecture.equals("x86_64");
    if (!known || !(system.startsWith("Linux") || system.startsWith("Mac"))) {
      return NONE;
    }
    try {
      return asked();
    } catch (UnsupportedOperationException forbidden) {
      return NONE;
    }
  }

  private static Processor asked() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(16);
      int[] basic = cpuid(1, 0, answer);
      if ((basic[2] & OSXSAVE) == 0) {
        return NONE;
      }
      int saved = xgetbv(answer);
      int[] extended = cpuid(7, 0, answer);
      boolean avx2 = has(saved, SAVED_256) && has(basic[2], FLOATS_256) && has(extended[1], AVX2);
      boolean avx512 = avx2 && has(saved, SAVED_512) && has(extended[1], AVX512);
      boolean vnni = avx512 && (extended[2] >> 11 & 1) == 1;
      boolean bf16 = avx512 && extended[0] >= 1 && (cpuid(7, 1, answer)[0] >> 5 & 1) == 1;
      return new Processor(avx2, avx512, vnni, bf16);
    }
  }

  private static boolean has(int bits, int wanted) {
    return (bits & wanted) == wanted;
  }

  private static int[] cpuid(int leaf, int subLeaf, MemorySegment answer) {
    Assembler a = new Assembler();
    a.mov(R8, RDX);
    a.push(RBX);
    a.mov(RAX, RDI);
    a.mov(RCX, RSI);
    a.cpuid();
    a.mov32(Mem.at(R8, 0), RAX);
    a.mov32(Mem.at(R8, 4), RBX);
    a.mov32(Mem.at(R8, 8), RCX);
    a.mov32(Mem.at(R8, 12), RDX);
    a.pop(RBX);
    a.ret();
    new NativeCode(a).call(leaf, subLeaf, answer.address(), 0);
    return answer.toArray(JAVA_INT);
  }

  private static int xgetbv(MemorySegment answer) {
    Assembler a = new Assembler();
    a.mov(R8, RDX);
    a.mov(RCX, RSI);
    a.xgetbv();
    a.mov32(Mem.at(R8, 0), RAX);
    a.ret();
    new NativeCode(a).call(0, 0, answer.address(), 0);
    return answer.get(JAVA_INT, 0);
  }
}
