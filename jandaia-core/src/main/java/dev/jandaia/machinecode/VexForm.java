package dev.jandaia.machinecode;

/**
 * The fixed part of a VEX-encoded vector instruction.
 *
 * @param map opcode map: 1 for 0F, 2 for 0F38, 3 for 0F3A
 * @param prefix the prefix it stands for: 0 none, 1 for 66, 2 for F3
 * @param opcode the opcode byte
 * @param length vector length: 0 for 128 bits, 1 for 256
 */
record VexForm(int map, int prefix, int opcode, int length) {
  /** An instruction on registers of 256 bits. */
  static VexForm of(int map, int prefix, int opcode) {
    return new VexForm(map, prefix, opcode, 1);
  }

  /** The same instruction on the lower 128 bits. */
  VexForm onQuarter() {
    return new VexForm(map, prefix, opcode, 0);
  }
}
