package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The types that tensors are written in.
 *
 * @param asked for all floating-point tensors; empty leaves each as it was
 */
record Storage(Optional<DType> asked) {
  private static final Set<DType> PLAIN = Set.of(DType.F64, DType.F32, DType.F16, DType.BF16);
  private static final Set<DType> SCALED = Set.of(DType.F8_E4M3, DType.F8_E5M2);
  private static final float LARGEST_F16 = 65504;
  private static final int PIECE = 1 << 20;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  Storage {
    asked.ifPresent(type -> {
      if (!PLAIN.contains(type) || type == DType.F64) {
        throw new JandaiaException("type: expected F32, BF16 or F16, found " + type);
      }
    });
  }

  /** The type that what was stored as {@code before} is written in. */
  DType of(DType before) {
    return PLAIN.contains(before) ? asked.orElse(before) : before;
  }

  /** A stored tensor, in its new type. */
  TensorOutput stored(Tensor tensor) {
    if (asked.isPresent() && SCALED.contains(tensor.dtype())) {
      throw new JandaiaException(
          "tensor %s: expected F32, F16 or BF16, found %s, whose scales are kept elsewhere"
              .formatted(tensor.name(), tensor.dtype()));
    }
    DType type = of(tensor.dtype());
    if (type == DType.F16 && tensor.dtype() != DType.F16) {
      requireRange(tensor);
    }
    return TensorOutput.recoded(tensor, type);
  }

  /** A tensor whose values are computed while it is being written. */
  TensorOutput computed(String name, Shape shape, DType before, Supplier<float[]> values) {
    DType type = of(before);
    return new TensorOutput(
        name,
        type,
        shape,
        out -> {
          float[] elements = values.get();
          if (type == DType.F16) {
            requireRange(name, elements);
          }
          Tensor source = new Tensor(name, DType.F32, shape, littleEndian(elements));
          TensorOutput.recoded(source, type).content().writeTo(out);
        });
  }

  /** Piece by piece: a stack of experts may have more elements than an array holds. */
  private static void requireRange(Tensor tensor) {
    BlockCodec codec = BlockCodec.of(tensor.dtype());
    long size = tensor.shape().elements();
    for (long from = 0; from < size; from += PIECE) {
      float[] piece = new float[(int) Math.min(PIECE, size - from)];
      codec.decode(tensor.data(), tensor.dtype().bytesFor(from), piece, 0, piece.length);
      requireRange(tensor.name(), piece);
    }
  }

  private static void requireRange(String name, float[] values) {
    for (float value : values) {
      if (Math.abs(value) > LARGEST_F16) {
        throw new JandaiaException(
            "tensor %s: expected values within ±65504, as F16 holds, found %s"
                .formatted(name, value));
      }
    }
  }

  /** Values as they will be read back. */
  float[] rounded(float[] values, DType before) {
    BlockCodec codec = BlockCodec.of(of(before));
    MemorySegment stored =
        MemorySegment.ofArray(new byte[(int) codec.dtype().bytesFor(values.length)]);
    codec.encode(values, 0, stored, 0, values.length);
    float[] back = new float[values.length];
    codec.decode(stored, 0, back, 0, back.length);
    return back;
  }

  /** The nearest number that BF16 holds. */
  static float bfloat16(float value) {
    return new Storage(Optional.empty()).rounded(new float[] {value}, DType.BF16)[0];
  }

  /** What transformers calls a type. */
  static String torchName(DType type) {
    return switch (type) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }

  private static MemorySegment littleEndian(float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return bytes;
  }
}
