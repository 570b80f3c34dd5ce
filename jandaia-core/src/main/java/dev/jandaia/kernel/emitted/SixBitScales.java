package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.PackedFormat.BLOCK_MINIMA;
import static dev.jandaia.kernel.emitted.PackedFormat.BLOCK_SCALES;
import static dev.jandaia.kernel.emitted.PackedFormat.CONSTANT_B;
import static dev.jandaia.kernel.emitted.PackedFormat.MINIMA;
import static dev.jandaia.kernel.emitted.PackedFormat.RESULT;
import static dev.jandaia.kernel.emitted.PackedFormat.ROW_STARTS;
import static dev.jandaia.kernel.emitted.PackedFormat.TEMPORARY;

import dev.jandaia.kernel.emitted.PackedFormat.Receiver;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;
import java.util.Optional;

/**
 * The scales of Q4_K and Q5_K. Stored: d and dmin in half precision, then eight pairs of six bits
 * in twelve bytes. Packed: sixteen d, sixteen dmin, and four registers, each with one byte per row
 * and run: scales of runs 0–3, minima of runs 0–3, scales of runs 4–7, minima of runs 4–7.
 */
final class SixBitScales {
  /** Bytes of the packed scales. */
  static final int PACKED = 64 + 4 * 64;

  private static final int BYTES = 64;
  private static final Zmm LOW_SCALES = new Zmm(0);
  private static final Zmm LOW_MINIMA = new Zmm(1);
  private static final Zmm REST = new Zmm(2);
  private static final Zmm SIX_BITS = new Zmm(3);
  private static final Zmm FOUR_BITS = new Zmm(4);
  private static final Zmm TOP_BITS = new Zmm(5);

  private SixBitScales() {}

  static void constants(Assembler a) {
    a.constant(CONSTANT_B, 0xFF);
  }

  /** Packs the scales of the block at rsi to rdi. */
  static void pack(Assembler a) {
    a.constant(SIX_BITS, 0x3F3F3F3F);
    a.constant(FOUR_BITS, 0x0F0F0F0F);
    a.constant(TOP_BITS, 0x30303030);
    a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, 0);
    a.vpmovdw(Mem.at(Gpr.RDI, 0), RESULT);
    a.vpsrld(RESULT, RESULT, 16);
    a.vpmovdw(Mem.at(Gpr.RDI, 32), RESULT);
    a.vpgatherdd(LOW_SCALES, Gpr.RSI, ROW_STARTS, 4);
    a.vpgatherdd(LOW_MINIMA, Gpr.RSI, ROW_STARTS, 8);
    a.vpgatherdd(REST, Gpr.RSI, ROW_STARTS, 12);
    a.vpandd(RESULT, LOW_SCALES, SIX_BITS);
    a.vmovdqu32(Mem.at(Gpr.RDI, BYTES), RESULT);
    a.vpandd(RESULT, LOW_MINIMA, SIX_BITS);
    a.vmovdqu32(Mem.at(Gpr.RDI, BYTES + 64), RESULT);
    // Runs 4 to 7: four bits of their own, and two above them from the tops of runs 0 to 3.
    a.vpandd(RESULT, REST, FOUR_BITS);
    putTopBits(a, LOW_SCALES);
    a.vmovdqu32(Mem.at(Gpr.RDI, BYTES + 128), RESULT);
    a.vpsrld(REST, REST, 4);
    a.vpandd(RESULT, REST, FOUR_BITS);
    putTopBits(a, LOW_MINIMA);
    a.vmovdqu32(Mem.at(Gpr.RDI, BYTES + 192), RESULT);
  }

  private static void putTopBits(Assembler a, Zmm low) {
    a.vpsrld(TEMPORARY, low, 2);
    a.vpandd(TEMPORARY, TEMPORARY, TOP_BITS);
    a.vpord(RESULT, RESULT, TEMPORARY);
  }

  /** Loads what all runs of the block share. */
  static void unpackBlock(Assembler a, Gpr block) {
    a.vcvtph2ps(BLOCK_SCALES, Mem.at(block, 0));
    a.vcvtph2ps(BLOCK_MINIMA, Mem.at(block, 32));
  }

  /** Ends a run: its scales are d·s, its minima dmin·m. */
  static void unpackRun(Assembler a, Gpr block, int run, Receiver receiver) {
    int at = BYTES + run / 4 * 128;
    product(a, RESULT, Mem.at(block, at), run % 4, BLOCK_SCALES);
    product(a, MINIMA, Mem.at(block, at + 64), run % 4, BLOCK_MINIMA);
    receiver.end(RESULT, Optional.of(MINIMA));
  }

  private static void product(Assembler a, Zmm to, Mem bytes, int which, Zmm factor) {
    a.vpsrld(to, bytes, 8 * which);
    a.vpandd(to, to, CONSTANT_B);
    a.vcvtdq2ps(to, to);
    a.vmulps(to, to, factor);
  }
}
