package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.GnuComparison.PLACES;
import static dev.jandaia.machinecode.GnuComparison.half;
import static dev.jandaia.machinecode.GnuComparison.name;
import static dev.jandaia.machinecode.GnuComparison.text;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;
import static dev.jandaia.machinecode.Gpr.RSP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every instruction, byte for byte as the GNU assembler writes it. */
class AssemblerTest {
  private interface Three {
    void write(Assembler a, Zmm to, Zmm first, Operand second);
  }

  private interface Two {
    void write(Assembler a, Zmm to, Operand from);
  }

  private interface Shift {
    void write(Assembler a, Zmm to, Operand from, int bits);
  }

  private static final List<Zmm> REGISTERS =
      List.of(new Zmm(0), new Zmm(7), new Zmm(8), new Zmm(17), new Zmm(31));

  private final GnuComparison<Assembler> gnu = new GnuComparison<>(Assembler::new);

  @Test
  void everyInstructionIsEncodedAsGnuDoes(@TempDir Path directory) throws Exception {
    addControl();
    addVectors();
    addHalves();
    addOfAnyLength();
    gnu.run(directory);
  }

  @Test
  void jumpsReachTheirLabels() {
    Assembler a = new Assembler();
    Label end = new Label();
    Label again = a.label();
    a.sub(RAX, 1);
    a.jump(Condition.ZERO, end);
    a.jump(Condition.NOT_ZERO, again);
    a.place(end);
    a.ret();
    assertArrayEquals(
        HexFormat.of().parseHex("4883e801" + "0f8402000000" + "75f4" + "c3"), a.code());
    assertThrows(IllegalStateException.class, () -> a.place(end));
  }

  @Test
  void operandsThatCannotBeEncodedAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Zmm(32));
    assertThrows(IllegalArgumentException.class, () -> new Ymm(-1));
    assertThrows(IllegalArgumentException.class, () -> new Mask(0));
    assertThrows(IllegalArgumentException.class, () -> Mem.at(RAX, RSP, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> Mem.at(RAX, RCX, 3, 0));
  }

  private void addControl() {
    line("ret", Assembler::ret);
    line("cpuid", Assembler::cpuid);
    line("xgetbv", Assembler::xgetbv);
    line("vzeroupper", Assembler::vzeroupper);
    for (Gpr r : Gpr.values()) {
      String name = name(r);
      line("push " + name, a -> a.push(r));
      line("pop " + name, a -> a.pop(r));
      line("mov " + name + ", r9", a -> a.mov(r, R9));
      line("mov rcx, " + name, a -> a.mov(RCX, r));
      line("add " + name + ", r11", a -> a.add(r, R11));
      if (r != RAX) { // which has a shorter form
        line("xchg " + name + ", r9", a -> a.xchg(r, R9));
      }
      line("test " + name + ", " + name, a -> a.test(r, r));
      line("shr " + name + ", 32", a -> a.shr(r, 32));
      line("shr %s, 1".formatted(name), a -> a.shr(r, 1));
      line("mov eax, " + half(r), a -> a.mov32(RAX, r));
      line("mov %s, r9d".formatted(half(r)), a -> a.mov32(r, R9));
      for (int value : new int[] {1, -128, 128, 70000}) {
        line("add " + name + ", " + value, a -> a.add(r, value));
        line("sub " + name + ", " + value, a -> a.sub(r, value));
        line("cmp " + name + ", " + value, a -> a.cmp(r, value));
        line("imul " + name + ", rsi, " + value, a -> a.imul(r, RSI, value));
      }
      line("mov %s, 305419896".formatted(half(r)), a -> a.mov32(r, 305419896));
      line("movabs %s, 1311768467463790320".formatted(name), a -> a.mov64(r, 0x123456789abcdef0L));
      line("kmovw k3, " + half(r), a -> a.kmovw(new Mask(3), r));
      line("bzhi %s, ebx, r9d".formatted(half(r)), a -> a.bzhi32(r, RBX, R9));
      line("bzhi ecx, %s, edi".formatted(half(r)), a -> a.bzhi32(RCX, r, RDI));
      line("bzhi r11d, eax, " + half(r), a -> a.bzhi32(R11, RAX, r));
      line("vpbroadcastd zmm19, " + half(r), a -> a.vpbroadcastd(new Zmm(19), r));
    }
    for (Mem mem : PLACES) {
      line("mov r11, " + text(mem), a -> a.mov(R11, mem));
      line("mov ebx, " + text(mem), a -> a.mov32(RBX, mem));
      line("mov r9d, " + text(mem), a -> a.mov32(R9, mem));
      line("mov word ptr %s, bx".formatted(text(mem)), a -> a.mov16(mem, RBX));
      line("mov word ptr %s, r9w".formatted(text(mem)), a -> a.mov16(mem, R9));
      line("movzx rbx, word ptr " + text(mem), a -> a.movzxw(RBX, mem));
      line("prefetcht0 " + text(mem), a -> a.prefetcht0(mem));
      line("prefetcht1 " + text(mem), a -> a.prefetcht1(mem));
      line("lea rsi, " + text(mem), a -> a.lea(RSI, mem));
      line("prefetcht0 " + text(mem), a -> a.prefetcht0(mem));
      line("mov dword ptr %s, ebx".formatted(text(mem)), a -> a.mov32(mem, RBX));
      line("mov dword ptr %s, r9d".formatted(text(mem)), a -> a.mov32(mem, R9));
    }
  }

  private void addVectors() {
    three("vpaddd", Assembler::vpaddd, true);
    three("vpsubd", Assembler::vpsubd, true);
    three("vpmulld", Assembler::vpmulld, true);
    three("vpandd", Assembler::vpandd, true);
    three("vpord", Assembler::vpord, true);
    three("vpxord", Assembler::vpxord, true);
    three("vpshufb", Assembler::vpshufb, false);
    three("vpdpbusd", Assembler::vpdpbusd, true);
    three("vpackssdw", Assembler::vpackssdw, true);
    three("vpacksswb", Assembler::vpacksswb, false);
    three("vaddps", Assembler::vaddps, true);
    three("vsubps", Assembler::vsubps, true);
    three("vmulps", Assembler::vmulps, true);
    three("vdivps", Assembler::vdivps, true);
    three("vminps", Assembler::vminps, true);
    three("vmaxps", Assembler::vmaxps, true);
    three("vfmadd213ps", Assembler::vfmadd213ps, true);
    three("vfmadd231ps", Assembler::vfmadd231ps, true);
    three("vfnmadd231ps", Assembler::vfnmadd231ps, true);
    three("vdpbf16ps", Assembler::vdpbf16ps, true);
    three("vpermps", Assembler::vpermps, true);
    three("vpsrlvd", Assembler::vpsrlvd, true);
    three("vpsllvd", Assembler::vpsllvd, true);
    three("vprorvd", Assembler::vprorvd, true);
    selecting("vpternlogd", Assembler::vpternlogd);
    selecting("vshufps", Assembler::vshufps);
    selecting("vshuff32x4", Assembler::vshuff32x4);
    two("vmovups", "zmm", "", Assembler::vmovups);
    two("vmovdqu32", "zmm", "", Assembler::vmovdqu32);
    two("vbroadcastss", "xmm", "", Assembler::vbroadcastss);
    two("vcvtdq2ps", "zmm", "", Assembler::vcvtdq2ps);
    two("vcvtps2dq", "zmm", "", Assembler::vcvtps2dq);
    two("vcvtph2ps", "ymm", "", Assembler::vcvtph2ps);
    two("vpmovzxwd", "ymm", "", Assembler::vpmovzxwd);
    two("vpmovzxbd", "xmm", "", Assembler::vpmovzxbd);
    two("vpmovsxbd", "xmm", "", Assembler::vpmovsxbd);
    shift("vpslld", Assembler::vpslld);
    shift("vpsrld", Assembler::vpsrld);
    shift("vpsrad", Assembler::vpsrad);
    for (Zmm from : REGISTERS) {
      line(
          "vrndscaleps zmm9, zmm%d, 0".formatted(from.number()),
          a -> a.vrndscaleps(new Zmm(9), from));
    }
    shift("vpermilps", Assembler::vpermilps);
    masked();
    for (Zmm to : REGISTERS) {
      for (Zmm from : REGISTERS) {
        line(
            "vcvtneps2bf16 ymm%d, zmm%d".formatted(to.number(), from.number()),
            a -> a.vcvtneps2bf16(to, from));
      }
      for (Mem mem : PLACES) {
        load("vpbroadcastd", to, mem, Assembler::vpbroadcastd);
        load("vbroadcasti32x2", to, mem, Assembler::broadcastPair);
        load("vpbroadcastw", to, mem, Assembler::vpbroadcastw);
        load("vbroadcasti32x4", to, mem, Assembler::vbroadcasti32x4);
        store("vmovups", "zmm", to, mem, (a, m) -> a.vmovups(m, to));
        store("vmovdqu32", "zmm", to, mem, (a, m) -> a.vmovdqu32(m, to));
        store("vpmovdb", "zmm", to, mem, (a, m) -> a.vpmovdb(m, to));
        store("vpmovdw", "zmm", to, mem, (a, m) -> a.vpmovdw(m, to));
        line("{evex} vmovss %s, xmm%d".formatted(text(mem), to.number()), a -> a.vmovss(mem, to));
        line(
            "vextracti32x4 %s, zmm%d, 3".formatted(text(mem), to.number()),
            a -> a.vextracti32x4(mem, to, 3));
        line(
            "vextracti32x8 %s, zmm%d, 1".formatted(text(mem), to.number()),
            a -> a.vextracti32x8(mem, to, 1));
      }
      for (int displacement : new int[] {0, 4, 508, 6, 70000}) {
        line(
            "kxnorw k1, k1, k1\nvpgatherdd zmm5{k1}, [r9+zmm%d+%d]"
                .formatted(to.number(), displacement),
            a -> a.vpgatherdd(new Zmm(5), R9, to, displacement));
      }
    }
  }

  /** What has other names, or is no single instruction, with registers of 256 bits. */
  private void addOfAnyLength() {
    for (Zmm zmm : REGISTERS) {
      int number = zmm.number();
      String exchange = "vshuff32x4 zmm9, zmm%d, zmm%d, ".formatted(number, number);
      line(exchange + 0b10_11_00_01, a -> a.exchangeQuarters(new Zmm(9), zmm, 1));
      line(exchange + 0b01_00_11_10, a -> a.exchangeQuarters(new Zmm(9), zmm, 2));
      String join = "vshuff32x4 zmm9, zmm%d, zmm5, ".formatted(number);
      line(join + 0b10_00_10_00, a -> a.evenQuarters(new Zmm(9), zmm, new Zmm(5)));
      line(join + 0b11_01_11_01, a -> a.oddQuarters(new Zmm(9), zmm, new Zmm(5)));
      line("vpxord zmm%d, zmm%d, zmm%d".formatted(number, number, number), a -> a.zero(zmm));
      line("vpbroadcastd zmm%d, ecx".formatted(number), a -> a.broadcast(zmm, RCX));
      for (Mem mem : PLACES) {
        String to = text(mem);
        line("{evex} vmovups ymm%d, %s".formatted(number, text(mem)), a -> a.loadHalf(zmm, mem));
        line("vextracti32x4 %s, zmm%d, 0".formatted(to, number), a -> a.storeQuarter(mem, zmm));
        line("vmovups %s, zmm%d".formatted(to, number), a -> a.storePart(mem, zmm, 0, 1, zmm));
        line(
            "vextracti32x8 %s, zmm%d, 1".formatted(to, number),
            a -> a.storePart(mem, zmm, 1, 2, zmm));
        line(
            "vextracti32x4 %s, zmm%d, 3".formatted(to, number),
            a -> a.storePart(mem, zmm, 3, 4, zmm));
      }
    }
  }

  private void masked() {
    for (int number = 1; number < 8; number++) {
      Mask mask = new Mask(number);
      for (Zmm zmm : REGISTERS) {
        for (Zmm other : REGISTERS) {
          line(
              "vcmpps k%d, zmm%d, zmm%d, 5".formatted(number, zmm.number(), other.number()),
              a -> a.vcmpnltps(mask, zmm, other));
          line(
              "vscalefps zmm%d{k%d}, zmm9, zmm%d".formatted(zmm.number(), number, other.number()),
              a -> a.vscalefps(zmm, mask, new Zmm(9), other));
        }
        for (Mem mem : PLACES) {
          line(
              "vmovups zmm%d{k%d}, %s".formatted(zmm.number(), number, text(mem)),
              a -> a.vmovups(zmm, mask, mem));
          line(
              "vmovups %s{k%d}, zmm%d".formatted(text(mem), number, zmm.number()),
              a -> a.vmovups(mem, mask, zmm));
        }
      }
    }
  }

  private void addHalves() {
    halves("vpxord", "ymm", (a, to, first, last) -> a.vpxord(to, first, last));
    halves("vpdpbusd", "ymm", (a, to, first, last) -> a.vpdpbusd(to, first, last));
    halves("vmulps", "ymm", (a, to, first, last) -> a.vmulps(to, first, last));
    halves("vfmadd231ps", "ymm", (a, to, first, last) -> a.vfmadd231ps(to, first, last));
    halves("vcvtdq2ps", "", (a, to, first, last) -> a.vcvtdq2ps(to, last));
    for (Zmm zmm : REGISTERS) {
      Ymm to = new Ymm(zmm.number());
      for (Zmm from : REGISTERS) {
        line(
            "{evex} vmovups ymm%d, ymm%d".formatted(to.number(), from.number()),
            a -> a.vmovups(to, new Ymm(from.number())));
        line(
            "{evex} vcvtph2ps ymm%d, xmm%d".formatted(to.number(), from.number()),
            a -> a.vcvtph2ps(to, from));
      }
      for (Mem mem : PLACES) {
        line("{evex} vmovups ymm%d, %s".formatted(to.number(), text(mem)), a -> a.vmovups(to, mem));
        line(
            "{evex} vcvtph2ps ymm%d, %s".formatted(to.number(), text(mem)),
            a -> a.vcvtph2ps(to, mem));
        line(
            "{evex} vpbroadcastd ymm%d, dword ptr %s".formatted(to.number(), text(mem)),
            a -> a.vpbroadcastd(to, mem));
        line(
            "{evex} vpbroadcastw ymm%d, word ptr %s".formatted(to.number(), text(mem)),
            a -> a.vpbroadcastw(to, mem));
      }
    }
  }

  private interface Halves {
    void write(Assembler a, Ymm to, Ymm first, Operand last);
  }

  /** Instructions on half registers; {@code first} says whether they have a first operand. */
  private void halves(String name, String first, Halves ours) {
    for (Zmm zmm : REGISTERS) {
      Ymm to = new Ymm(zmm.number());
      Ymm middle = new Ymm(31 - zmm.number());
      String start = "{evex} %s ymm%d, ".formatted(name, to.number());
      start += first.isEmpty() ? "" : "ymm%d, ".formatted(middle.number());
      String words = start;
      for (Zmm last : REGISTERS) {
        Ymm half = new Ymm(last.number());
        line(words + "ymm" + last.number(), a -> ours.write(a, to, middle, half));
      }
      for (Mem mem : PLACES) {
        line(words + text(mem), a -> ours.write(a, to, middle, mem));
        line(words + text(mem) + "{1to8}", a -> ours.write(a, to, middle, mem.toAll()));
      }
    }
  }

  private void three(String name, Three ours, boolean broadcasts) {
    three(name, ours, broadcasts, "");
  }

  private void three(String name, Three ours, boolean broadcasts, String end) {
    for (Zmm to : REGISTERS) {
      for (Zmm first : REGISTERS) {
        String start = "%s zmm%d, zmm%d, ".formatted(name, to.number(), first.number());
        for (Zmm second : REGISTERS) {
          line(start + "zmm" + second.number() + end, a -> ours.write(a, to, first, second));
        }
        for (Mem mem : PLACES) {
          line(start + text(mem) + end, a -> ours.write(a, to, first, mem));
          if (broadcasts) {
            String all = start + "dword ptr %s{1to16}".formatted(text(mem)) + end;
            line(all.replace("dword ptr ", ""), a -> ours.write(a, to, first, mem.toAll()));
          }
        }
      }
    }
  }

  private interface Selecting {
    void write(Assembler a, Zmm to, Zmm first, Operand second, int selection);
  }

  private void selecting(String name, Selecting ours) {
    three(name, (a, to, first, second) -> ours.write(a, to, first, second, 78), true, ", 78");
  }

  private void two(String name, String from, String suffix, Two ours) {
    for (Zmm to : REGISTERS) {
      for (Zmm register : REGISTERS) {
        line(
            "%s zmm%d, %s%d%s".formatted(name, to.number(), from, register.number(), suffix),
            a -> ours.write(a, to, register));
      }
      for (Mem mem : PLACES) {
        line("%s zmm%d, %s".formatted(name, to.number(), text(mem)), a -> ours.write(a, to, mem));
      }
    }
  }

  private void shift(String name, Shift ours) {
    for (Zmm to : REGISTERS) {
      for (Zmm from : REGISTERS) {
        line(
            "%s zmm%d, zmm%d, 9".formatted(name, to.number(), from.number()),
            a -> ours.write(a, to, from, 9));
      }
      for (Mem mem : PLACES) {
        line(
            "%s zmm%d, zmmword ptr %s, 9".formatted(name, to.number(), text(mem)),
            a -> ours.write(a, to, mem, 9));
      }
    }
  }

  private interface Load {
    void write(Assembler a, Zmm to, Mem from);
  }

  private void load(String name, Zmm to, Mem from, Load ours) {
    line("%s zmm%d, %s".formatted(name, to.number(), text(from)), a -> ours.write(a, to, from));
  }

  private void store(String name, String kind, Zmm from, Mem to, BiConsumer<Assembler, Mem> ours) {
    line("%s %s, %s%d".formatted(name, text(to), kind, from.number()), a -> ours.accept(a, to));
  }

  private void line(String text, Consumer<Assembler> ours) {
    gnu.line(text, ours);
  }
}
