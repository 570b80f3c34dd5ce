package dev.jandaia.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this process. They are constants of a class, not fields of an object: only
 * then does the JIT compiler turn vector operations into instructions.
 *
 * <p>The property {@code jandaia.vectorBits} (128, 256 or 512) asks for a width other than the
 * machine's.
 */
final class Lanes {
  private static final VectorShape SHAPE = shape(Integer.getInteger("jandaia.vectorBits", 0));

  /** One register of floats. */
  static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED.withShape(SHAPE);

  /** As many ints as there are floats in {@link #F32}. */
  static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED.withShape(SHAPE);

  /** Floats in a register. */
  static final int COUNT = F32.length();

  /** As many shorts as there are floats: half a register. */
  static final VectorSpecies<Short> I16 =
      ShortVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(16 * COUNT));

  /** As many bytes as there are floats, but at least the 8 that the smallest vector holds. */
  static final VectorSpecies<Byte> I8 =
      ByteVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(Math.max(64, 8 * COUNT)));

  /** Registers of floats that one vector of {@link #I8} expands to. */
  static final int PARTS = I8.length() / COUNT;

  private Lanes() {}

  private static VectorShape shape(int bits) {
    return bits == 0 ? VectorShape.preferredShape() : VectorShape.forBitSize(bits);
  }
}
