package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of the lanes of a register, in a fixed order: the second half of the lanes is added to
 * the first, and so on until one is left.
 *
 * <p>{@code reduceLanes} leaves the order to who runs it: the interpreter and C1 add one lane after
 * the other, C2 adds halves. The first calls of a kernel would round differently from later ones,
 * and when a method is compiled is left to chance: training would not be reproducible.
 *
 * <p>The lanes come in an array, and no method of our own takes or returns a vector here: where one
 * is not inlined, because the method around it has become too large, the vector becomes an object.
 */
final class LaneSums {
  /** For kernels that add lanes in registers: halves of sixteen lanes, then of eight. */
  static final VectorShuffle<Float> EIGHT_ON = VectorShuffle.iota(F32, 8, 1, true);

  static final VectorShuffle<Float> FOUR_ON = VectorShuffle.iota(F32, 4, 1, true);

  private static final VectorSpecies<Float> F32X4 = FloatVector.SPECIES_128;
  private static final VectorShuffle<Float> TWO_ON = VectorShuffle.iota(F32X4, 2, 1, true);
  private static final VectorShuffle<Float> ONE_ON = VectorShuffle.iota(F32X4, 1, 1, true);

  private LaneSums() {}

  /**
   * Σ_i lanes[at + i], i in 0..COUNT. Down to four lanes halves are loaded from where they lie,
   * which takes no shuffle.
   */
  static float of(float[] lanes, int at) {
    FloatVector sum = FloatVector.fromArray(F32X4, lanes, at);
    if (COUNT == 8) {
      sum = sum.add(FloatVector.fromArray(F32X4, lanes, at + 4));
    } else if (COUNT == 16) {
      sum =
          sum.add(FloatVector.fromArray(F32X4, lanes, at + 8))
              .add(
                  FloatVector.fromArray(F32X4, lanes, at + 4)
                      .add(FloatVector.fromArray(F32X4, lanes, at + 12)));
    }
    sum = sum.add(sum.rearrange(TWO_ON));
    return sum.add(sum.rearrange(ONE_ON)).lane(0);
  }
}
