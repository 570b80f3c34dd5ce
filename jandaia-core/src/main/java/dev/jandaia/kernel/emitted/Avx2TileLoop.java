package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R14;
import static dev.jandaia.machinecode.Gpr.R15;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import java.util.List;

/**
 * Writes the code around a tile of results, one tile after the other past the same panel: a tile
 * alone takes half a microsecond, of which a call would be a twentieth.
 *
 * <p>rdi = panel, rsi = activations of the tile, rdx = its results, rcx = bytes from one row of
 * activations to the next, r8 = {@link #counts}, r9 = bytes from one row of results to the next.
 */
final class Avx2TileLoop {
  /** Registers in a row of a tile. */
  static final int HALVES = 2;

  /** The part of the panel that comes next; each tile begins anew. */
  static final Gpr PANEL = R12;

  /** How many parts are left; each tile begins anew. */
  static final Gpr PARTS = R13;

  /** For the tile. */
  static final Gpr COUNTER = R15;

  private static final Gpr TILES = R14;
  private static final List<Gpr> SAVED = List.of(PANEL, PARTS, TILES, COUNTER);

  private static final Gpr[] ACTIVATIONS = {R10, R11};
  private static final Gpr[] RESULTS = {RDX, RAX};

  private final Avx2Assembler a;
  private final int rows;

  /**
   * @param rows of a tile, at most six
   */
  Avx2TileLoop(Avx2Assembler a, int rows) {
    this.a = a;
    this.rows = rows;
  }

  /** How many tiles there are, and how many parts a tile has in its panel. */
  static long counts(int tiles, int parts) {
    return (long) tiles << Integer.SIZE | parts;
  }

  /**
   * A function of these pieces.
   *
   * @param begin what is done once; may use all registers but the arguments
   * @param tile what is done for each tile
   * @param end what is done afterwards
   */
  NativeCode assemble(Runnable begin, Runnable tile, Runnable end) {
    SAVED.forEach(a::push);
    a.mov(TILES, R8);
    a.shr(TILES, Integer.SIZE);
    a.mov32(R8, R8);
    begin.run();
    Label next = a.label();
    a.mov(PANEL, RDI);
    a.mov(PARTS, R8);
    rewind();
    Activations.pointers(a, RDX, RESULTS, R9);
    tile.run();
    a.imul(R10, RCX, rows);
    a.add(RSI, R10);
    a.imul(R10, R9, rows);
    a.add(RDX, R10);
    a.sub(TILES, 1);
    a.jump(NOT_ZERO, next);
    end.run();
    SAVED.reversed().forEach(a::pop);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** Sets {@link #activation} to the first column. */
  void rewind() {
    Activations.pointers(a, RSI, ACTIVATIONS, RCX);
  }

  /** Moves {@link #activation} on. */
  void advance(int bytes) {
    for (Gpr pointer : ACTIVATIONS) {
      a.add(pointer, bytes);
    }
  }

  Mem activation(int row, int displacement) {
    return Activations.row(ACTIVATIONS, RCX, row, displacement);
  }

  /** Eight neighbouring results of a row. */
  Mem result(int row, int half) {
    return Activations.row(RESULTS, R9, row, Avx2Format.HALF * half);
  }

  /** A register of each row and half. */
  interface Cell {
    void write(int row, int half);
  }

  /** Writes the same for all results of a tile. */
  void forEach(Cell cell) {
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        cell.write(row, half);
      }
    }
  }
}
