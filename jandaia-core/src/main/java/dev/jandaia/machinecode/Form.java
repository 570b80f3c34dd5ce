package dev.jandaia.machinecode;

/**
 * The fixed part of an EVEX-encoded instruction.
 *
 * @param map opcode map: 1 for 0F, 2 for 0F38, 3 for 0F3A
 * @param prefix the prefix it stands for: 0 none, 1 for 66, 2 for F3
 * @param opcode the opcode byte
 * @param memoryBytes bytes that a memory operand has; one-byte displacements count in this unit
 * @param length vector length: 0 for 128 bits, 1 for 256, 2 for 512
 */
record Form(int map, int prefix, int opcode, int memoryBytes, int length) {
  static final int MAP_0F = 1;
  static final int MAP_0F38 = 2;
  static final int MAP_0F3A = 3;
  static final int NO_PREFIX = 0;
  static final int P66 = 1;
  static final int PF3 = 2;

  /** An instruction on whole registers of 512 bits. */
  static Form full(int map, int prefix, int opcode) {
    return new Form(map, prefix, opcode, 64, 2);
  }

  /** The same instruction on the lower halves of registers. */
  Form half() {
    return new Form(map, prefix, opcode, memoryBytes / 2, 1);
  }

  /** The same instruction on the lower halves, with a memory operand that does not shrink. */
  Form halfOfSameMemory() {
    return new Form(map, prefix, opcode, memoryBytes, 1);
  }

  /** An instruction whose memory operand is smaller than a register. */
  static Form part(int map, int prefix, int opcode, int memoryBytes) {
    return new Form(map, prefix, opcode, memoryBytes, 2);
  }
}
