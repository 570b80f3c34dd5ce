package dev.jandaia.machinecode;

import java.util.Optional;

/**
 * A place in memory: base + index·scale + displacement.
 *
 * @param base register with an address
 * @param index register that is added {@code scale} times
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 * @param broadcast whether a vector instruction reads one 32-bit element and uses it in all lanes
 */
public record Mem(Gpr base, Optional<Gpr> index, int scale, int displacement, boolean broadcast)
    implements Operand {

  public Mem {
    if (Integer.bitCount(scale) != 1 || scale > 8) {
      throw new IllegalArgumentException("expected a scale of 1, 2, 4 or 8, found " + scale);
    }
    if (index.equals(Optional.of(Gpr.RSP))) {
      throw new IllegalArgumentException("rsp cannot be an index");
    }
  }

  /** [base + displacement]. */
  public static Mem at(Gpr base, int displacement) {
    return new Mem(base, Optional.empty(), 1, displacement, false);
  }

  /** [base + index·scale + displacement]. */
  public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
    return new Mem(base, Optional.of(index), scale, displacement, false);
  }

  /** One 32-bit element for all lanes. */
  public Mem toAll() {
    return new Mem(base, index, scale, displacement, true);
  }
}
