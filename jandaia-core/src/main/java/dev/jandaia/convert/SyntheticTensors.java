package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tensors of random numbers, made as fast as they can be written. A matrix is put together from a
 * pool of {@value #POOL} numbers of N(0, 0.02²), encoded once per type, {@value #PIECE} at a time
 * and each piece drawn at random: rows differ, and every block is one that an encoder made.
 */
final class SyntheticTensors {
  private static final int POOL = 1 << 18;
  private static final int PIECE = 256;
  private static final double DEVIATION = 0.02;
  private static final double GAIN_DEVIATION = 0.05;
  private static final String DECAY = ".ssm_a";

  private final long seed;
  private final Map<DType, byte[]> pools = new EnumMap<>(DType.class);

  SyntheticTensors(long seed) {
    this.seed = seed;
  }

  TensorOutput tensor(String name, DType type, Shape shape) {
    if (shape.rank() == 1 || name.endsWith(DECAY)) {
      return TensorOutput.of(name, shape, vector(name, Math.toIntExact(shape.elements())));
    }
    return new TensorOutput(name, type, shape, out -> write(name, type, shape, out));
  }

  /** Gains are near one, rates of decay near minus one, everything else is near zero. */
  private float[] vector(String name, int size) {
    SplittableRandom random = random(name);
    boolean gain = name.endsWith("norm.weight");
    boolean decay = name.endsWith(DECAY);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      double z = random.nextGaussian();
      values[i] =
          (float) (gain ? 1 + GAIN_DEVIATION * z : decay ? -Math.exp(z / 4) : DEVIATION * z);
    }
    return values;
  }

  private void write(String name, DType type, Shape shape, OutputStream out) throws IOException {
    byte[] pool = pools.computeIfAbsent(type, this::pool);
    SplittableRandom random = random(name);
    int piece = (int) type.bytesFor(PIECE);
    int pieces = pool.length / piece;
    for (long left = type.bytesFor(shape.elements()); left > 0; left -= piece) {
      out.write(pool, random.nextInt(pieces) * piece, (int) Math.min(piece, left));
    }
  }

  private byte[] pool(DType type) {
    SplittableRandom random = random("pool");
    float[] values = new float[POOL];
    for (int i = 0; i < POOL; i++) {
      values[i] = (float) (DEVIATION * random.nextGaussian());
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.bytesFor(POOL)]);
    BlockCodec.of(type).encode(values, 0, bytes, 0, POOL);
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  private SplittableRandom random(String name) {
    return new SplittableRandom(seed * 31 + name.hashCode());
  }
}
