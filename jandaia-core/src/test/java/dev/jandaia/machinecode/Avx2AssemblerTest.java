package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.GnuComparison.PLACES;
import static dev.jandaia.machinecode.GnuComparison.half;
import static dev.jandaia.machinecode.GnuComparison.text;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every instruction, byte for byte as the GNU assembler writes it. */
class Avx2AssemblerTest {
  private interface Three {
    void write(Avx2Assembler a, Ymm to, Ymm first, Operand second);
  }

  private interface Two {
    void write(Avx2Assembler a, Ymm to, Operand from);
  }

  private interface Shift {
    void write(Avx2Assembler a, Ymm to, Ymm from, int bits);
  }

  private static final List<Ymm> REGISTERS =
      List.of(new Ymm(0), new Ymm(7), new Ymm(8), new Ymm(15));

  private static final Ymm NINTH = new Ymm(9);

  private final GnuComparison<Avx2Assembler> gnu = new GnuComparison<>(Avx2Assembler::new);

  @Test
  void everyInstructionIsEncodedAsGnuDoes(@TempDir Path directory) throws Exception {
    addMoves();
    addIntegers();
    addFloats();
    addPermutations();
    gnu.run(directory);
  }

  @Test
  void operandsThatCannotBeEncodedAreRefused() {
    Avx2Assembler a = new Avx2Assembler();
    Ymm last = new Ymm(15);
    Ymm beyond = new Ymm(16);
    Mem broadcast = Mem.at(Gpr.RAX, 0).toAll();
    assertThrows(IllegalArgumentException.class, () -> a.vpaddd(beyond, last, last));
    assertThrows(IllegalArgumentException.class, () -> a.vpaddd(last, beyond, last));
    assertThrows(IllegalArgumentException.class, () -> a.vpaddd(last, last, beyond));
    assertThrows(IllegalArgumentException.class, () -> a.vpaddd(last, last, broadcast));
    assertThrows(IllegalArgumentException.class, () -> a.vpaddd(last, last, new Zmm(1)));
    assertThrows(IllegalArgumentException.class, () -> a.vpsrld(last, Mem.at(Gpr.RAX, 0), 1));
    assertThrows(IllegalArgumentException.class, () -> a.exchangeQuarters(last, last, 2));
    assertThrows(IllegalArgumentException.class, () -> a.vpsrld(beyond, last, 1));
    assertThrows(IllegalArgumentException.class, () -> a.vblendvps(last, last, last, beyond));
  }

  private void addMoves() {
    two("vmovups", "ymm", Avx2Assembler::vmovups);
    two("vmovdqu", "ymm", Avx2Assembler::vmovdqu);
    two("vpbroadcastd", "xmm", Avx2Assembler::vpbroadcastd);
    two("vbroadcastss", "xmm", Avx2Assembler::vbroadcastss);
    for (Ymm ymm : REGISTERS) {
      int number = ymm.number();
      for (Gpr from : Gpr.values()) {
        gnu.line("vmovd xmm%d, %s".formatted(number, half(from)), a -> a.vmovd(ymm, from));
      }
      for (Mem mem : PLACES) {
        gnu.line("vmovups %s, ymm%d".formatted(text(mem), number), a -> a.vmovups(mem, ymm));
        gnu.line("vmovdqu %s, ymm%d".formatted(text(mem), number), a -> a.vmovdqu(mem, ymm));
        gnu.line("vmovlps %s, xmm%d".formatted(text(mem), number), a -> a.vmovlps(mem, ymm));
        gnu.line("vmovhps %s, xmm%d".formatted(text(mem), number), a -> a.vmovhps(mem, ymm));
        gnu.line(
            "vextractf128 %s, ymm%d, 1".formatted(text(mem), number),
            a -> a.vextractf128(mem, ymm, 1));
        gnu.line(
            "vmaskmovps ymm%d, ymm9, %s".formatted(number, text(mem)),
            a -> a.vmaskmovps(ymm, NINTH, mem));
        gnu.line(
            "vmaskmovps %s, ymm9, ymm%d".formatted(text(mem), number),
            a -> a.vmaskmovps(mem, NINTH, ymm));
        gnu.line(
            "vpbroadcastw ymm%d, %s".formatted(number, text(mem)), a -> a.vpbroadcastw(ymm, mem));
        gnu.line(
            "vpbroadcastq ymm%d, %s".formatted(number, text(mem)), a -> a.broadcastPair(ymm, mem));
        gnu.line("vmovups xmm%d, %s".formatted(number, text(mem)), a -> a.loadHalf(ymm, mem));
        gnu.line("vmovups %s, xmm%d".formatted(text(mem), number), a -> a.storeQuarter(mem, ymm));
        gnu.line(
            "vmovups %s, ymm%d".formatted(text(mem), number),
            a -> a.storePart(mem, ymm, 0, 1, ymm));
        gnu.line(
            "vextractf128 %s, ymm%d, 1".formatted(text(mem), number),
            a -> a.storePart(mem, ymm, 1, 2, ymm));
        gnu.line(
            "vmovhps %s, xmm%d".formatted(text(mem), number),
            a -> a.storePart(mem, ymm, 1, 4, ymm));
        gnu.line("vmovss %s, xmm%d".formatted(text(mem), number), a -> a.vmovss(mem, ymm));
        gnu.line(
            "vbroadcasti128 ymm%d, %s".formatted(number, text(mem)),
            a -> a.vbroadcasti128(ymm, mem));
      }
    }
  }

  private void addIntegers() {
    three("vpaddd", Avx2Assembler::vpaddd);
    three("vpaddw", Avx2Assembler::vpaddw);
    three("vpsubd", Avx2Assembler::vpsubd);
    three("vpand", Avx2Assembler::vpand);
    three("vpor", Avx2Assembler::vpor);
    three("vpxor", Avx2Assembler::vpxor);
    three("vpsignb", Avx2Assembler::vpsignb);
    three("vpmaddubsw", Avx2Assembler::vpmaddubsw);
    three("vpmaddwd", Avx2Assembler::vpmaddwd);
    three("vpshufb", Avx2Assembler::vpshufb);
    three("vpackssdw", Avx2Assembler::vpackssdw);
    three("vpacksswb", Avx2Assembler::vpacksswb);
    three("vpsllvd", Avx2Assembler::vpsllvd);
    three("vpsrlvd", Avx2Assembler::vpsrlvd);
    two("vpabsb", "ymm", Avx2Assembler::vpabsb);
    two("vpmovzxwd", "xmm", Avx2Assembler::vpmovzxwd);
    two("vpmovsxbd", "xmm", Avx2Assembler::vpmovsxbd);
    shift("vpslld", Avx2Assembler::vpslld);
    shift("vpsrld", Avx2Assembler::vpsrld);
    shift("vpsrad", Avx2Assembler::vpsrad);
    shift("vpsraw", Avx2Assembler::vpsraw);
    shift("vpsllw", Avx2Assembler::vpsllw);
    shift("vpsrlw", Avx2Assembler::vpsrlw);
  }

  private void addFloats() {
    three("vaddps", Avx2Assembler::vaddps);
    three("vsubps", Avx2Assembler::vsubps);
    three("vminps", Avx2Assembler::vminps);
    three("vfmadd213ps", Avx2Assembler::vfmadd213ps);
    three("vcmpps", Avx2Assembler::vcmpnltps, ", 5");
    three("vmulps", Avx2Assembler::vmulps);
    three("vdivps", Avx2Assembler::vdivps);
    three("vmaxps", Avx2Assembler::vmaxps);
    three("vandps", Avx2Assembler::vandps);
    three("vfmadd231ps", Avx2Assembler::vfmadd231ps);
    three("vfnmadd231ps", Avx2Assembler::vfnmadd231ps);
    two("vcvtph2ps", "xmm", Avx2Assembler::vcvtph2ps);
    two("vcvtdq2ps", "ymm", Avx2Assembler::vcvtdq2ps);
    two("vcvtps2dq", "ymm", Avx2Assembler::vcvtps2dq);
  }

  private void addPermutations() {
    for (Ymm ymm : REGISTERS) {
      String start = "%svperm2f128 ymm9, ymm%d, ".formatted(asWritten(ymm), ymm.number());
      gnu.line(start + "ymm%d, 1".formatted(ymm.number()), a -> a.exchangeQuarters(NINTH, ymm, 1));
      gnu.line(start + "ymm9, 32", a -> a.evenQuarters(NINTH, ymm, NINTH));
      gnu.line(start + "ymm9, 49", a -> a.oddQuarters(NINTH, ymm, NINTH));
    }
    three("vpermps", Avx2Assembler::vpermps);
    three("vshufps", (a, to, first, last) -> a.vshufps(to, first, last, 78), ", 78");
    three("vpermd", Avx2Assembler::vpermd);
    three("vperm2f128", (a, to, first, last) -> a.vperm2f128(to, first, last, 33), ", 33");
    three("vblendvps", (a, to, first, last) -> a.vblendvps(to, first, last, NINTH), ", ymm9");
    for (Ymm to : REGISTERS) {
      for (Ymm from : REGISTERS) {
        gnu.line(
            "vpermilps ymm%d, ymm%d, 78".formatted(to.number(), from.number()),
            a -> a.vpermilps(to, from, 78));
      }
      for (Mem mem : PLACES) {
        gnu.line(
            "vpermilps ymm%d, %s, 78".formatted(to.number(), text(mem)),
            a -> a.vpermilps(to, mem, 78));
      }
    }
  }

  private void three(String name, Three ours) {
    three(name, ours, "");
  }

  private void three(String name, Three ours, String end) {
    for (Ymm to : REGISTERS) {
      for (Ymm first : REGISTERS) {
        String words = "%s ymm%d, ymm%d, ".formatted(name, to.number(), first.number());
        for (Ymm last : REGISTERS) {
          gnu.line(
              asWritten(last) + words + "ymm" + last.number() + end,
              a -> ours.write(a, to, first, last));
        }
        for (Mem mem : PLACES) {
          gnu.line(words + text(mem) + end, a -> ours.write(a, to, first, mem));
        }
      }
    }
  }

  private void two(String name, String from, Two ours) {
    for (Ymm to : REGISTERS) {
      for (Ymm register : REGISTERS) {
        gnu.line(
            asWritten(register)
                + "%s ymm%d, %s%d".formatted(name, to.number(), from, register.number()),
            a -> ours.write(a, to, register));
      }
      for (Mem mem : PLACES) {
        gnu.line(
            "%s ymm%d, %s".formatted(name, to.number(), text(mem)), a -> ours.write(a, to, mem));
      }
    }
  }

  private void shift(String name, Shift ours) {
    for (Ymm to : REGISTERS) {
      for (Ymm from : REGISTERS) {
        gnu.line(
            "%s ymm%d, ymm%d, 9".formatted(name, to.number(), from.number()),
            a -> ours.write(a, to, from, 9));
      }
    }
  }

  /**
   * Where the last register needs three bytes of prefix anyhow, GNU may exchange operands to save
   * one; it is told not to.
   */
  private static String asWritten(Ymm last) {
    return last.number() < 8 ? "" : "{vex3} ";
  }
}
