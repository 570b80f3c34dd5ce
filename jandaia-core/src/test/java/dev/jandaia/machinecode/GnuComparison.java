package dev.jandaia.machinecode;

import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;
import static dev.jandaia.machinecode.Gpr.RSP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Instructions in GNU's words and in ours, and the bytes of both. */
final class GnuComparison<A extends GeneralAssembler> {
  /** One instruction. */
  private record Line<A>(String text, Consumer<A> ours) {}

  /** Memory of every shape that has an encoding of its own. */
  static final List<Mem> PLACES =
      List.of(
          Mem.at(RAX, 0),
          Mem.at(RSP, 64),
          Mem.at(R13, 0),
          Mem.at(R12, -4096),
          Mem.at(RDI, 4),
          Mem.at(RSI, 8192),
          Mem.at(R9, 12345),
          Mem.at(RAX, RCX, 2, 192),
          Mem.at(R13, R11, 8, -16),
          Mem.at(RBX, R12, 1, 0));

  private final Supplier<A> assemblers;
  private final List<Line<A>> lines = new ArrayList<>();

  GnuComparison(Supplier<A> assemblers) {
    this.assemblers = assemblers;
  }

  void line(String text, Consumer<A> ours) {
    lines.add(new Line<>(text, ours));
  }

  /** Expects the same bytes for every line. */
  void run(Path directory) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/as")), "NOT RUN: there is no GNU assembler");
    String source =
        ".intel_syntax noprefix\n"
            + String.join("\n", lines.stream().map(Line::text).toList())
            + "\n";
    List<String> expected = gnu(directory, source);
    assertEquals(lines.size(), expected.size(), "one line of GNU's listing per instruction");
    for (int i = 0; i < lines.size(); i++) {
      A a = assemblers.get();
      lines.get(i).ours().accept(a);
      String found = HexFormat.of().formatHex(a.code()).toUpperCase(Locale.ROOT);
      assertEquals(expected.get(i), found, lines.get(i).text());
    }
  }

  static String name(Gpr r) {
    return r.name().toLowerCase(Locale.ROOT);
  }

  static String half(Gpr r) {
    return r.number() < 8 ? "e" + name(r).substring(1) : name(r) + "d";
  }

  static String text(Mem mem) {
    String index =
        mem.index().map(register -> "+%s*%d".formatted(name(register), mem.scale())).orElse("");
    String displacement = mem.displacement() == 0 ? "" : "%+d".formatted(mem.displacement());
    return "[" + name(mem.base()) + index + displacement + "]";
  }

  /** The bytes of each line of {@code text} in hexadecimal, from the assembler's listing. */
  private static List<String> gnu(Path directory, String text)
      throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("all.s"), text);
    Path listing = directory.resolve("all.lst");
    Process process =
        new ProcessBuilder(
                "as",
                "-aln=" + listing,
                "--listing-lhs-width=8",
                "-o",
                "/dev/null",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
    List<String> bytes = new ArrayList<>();
    boolean mask = false;
    for (String line : Files.readAllLines(listing)) {
      int source = line.indexOf('\t');
      String[] words = line.substring(0, source).strip().split("\\s+");
      if (words.length < 3) {
        continue;
      }
      String found = String.join("", Arrays.copyOfRange(words, 2, words.length));
      bytes.add(mask ? bytes.removeLast() + found : found);
      mask = line.contains("kxnorw");
    }
    return bytes;
  }
}
