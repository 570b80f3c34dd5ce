package dev.jandaia.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.function.Executable;

/** What the tests of both formats share: files built by hand, and checks of refusals. */
final class Scratch {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The beginning of a GGUF file of version 3. */
  static Scratch gguf(long tensors, long pairs) {
    return new Scratch().text("GGUF").i32(3).i64(tensors).i64(pairs);
  }

  /** A safetensors file with this header. */
  static byte[] safetensors(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return new Scratch().i64(json.length).raw(json).raw(new byte[dataBytes]).bytes();
  }

  Scratch text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  Scratch string(String text) {
    return i64(text.getBytes(StandardCharsets.UTF_8).length).text(text);
  }

  Scratch i32(int value) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  Scratch i64(long value) {
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  Scratch raw(byte... more) {
    bytes.writeBytes(more);
    return this;
  }

  /** A float32 tensor's header entry. */
  Scratch tensor(String name, long offset, int type, long... innermostFirst) {
    string(name).i32(innermostFirst.length);
    for (long dim : innermostFirst) {
      i64(dim);
    }
    return i32(type).i64(offset);
  }

  Scratch data(int dataBytes) {
    int padding = -bytes.size() & 31;
    return raw(new byte[padding + dataBytes]);
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** The message of the refusal: one line that names the file. */
  static String refusal(Executable open) {
    String message = assertThrows(JandaiaException.class, open).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  static void assertRefused(Executable open, String... words) {
    String message = refusal(open);
    for (String word : words) {
      assertTrue(message.contains(word), message + " should contain " + word);
    }
  }

  static TensorOutput gaussian(String name, DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    Random random = new Random(name.hashCode());
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TensorOutput.recoded(
        new Tensor(name, DType.F32, shape, Layout.littleEndian(values)), dtype);
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    BlockCodec.of(tensor.dtype()).decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  /**
   * Opens thousands of damaged copies of valid files. Only a refusal may come out, and no more
   * memory may go in than a small multiple of the file.
   */
  static void fuzz(int cases, Consumer<byte[]> open, byte[]... valid) {
    com.sun.management.ThreadMXBean memory =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int seed = 0; seed < cases; seed++) {
      byte[] damaged = damage(new Random(seed), valid);
      long before = memory.getCurrentThreadAllocatedBytes();
      try {
        open.accept(damaged);
      } catch (JandaiaException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " escaped as " + e, e);
      }
      long allocated = memory.getCurrentThreadAllocatedBytes() - before;
      long allowed = 200L * damaged.length + (1 << 20);
      assertTrue(allocated < allowed, "seed " + seed + " allocated " + allocated + " bytes");
    }
    assertTrue(refused > cases / 4, "only " + refused + " of " + cases + " were refused");
  }

  private static byte[] damage(Random random, byte[][] valid) {
    byte[] file = valid[random.nextInt(valid.length)].clone();
    // Headers come first: aim most of the damage there.
    int reach = random.nextInt(4) == 0 ? file.length : Math.min(file.length, 1500);
    switch (random.nextInt(4)) {
      case 0 -> flip(random, file, reach);
      case 1 -> overwriteNumber(random, file, reach);
      case 2 -> file = java.util.Arrays.copyOf(file, 1 + random.nextInt(reach));
      default -> file = splice(random, file, valid[random.nextInt(valid.length)], reach);
    }
    return file;
  }

  private static void flip(Random random, byte[] file, int reach) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      file[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  private static void overwriteNumber(Random random, byte[] file, int reach) {
    long[] awkward = {0, 1, -1, 1L << 31, 1L << 32, 1L << 60, Long.MAX_VALUE, Long.MIN_VALUE};
    int at = random.nextInt(Math.max(1, reach - 8));
    if (at + 8 <= file.length) {
      ByteBuffer.wrap(file)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(at, awkward[random.nextInt(awkward.length)] + random.nextInt(3) - 1);
    }
  }

  private static byte[] splice(Random random, byte[] head, byte[] tail, int reach) {
    int cut = random.nextInt(reach);
    int from = random.nextInt(Math.min(tail.length, reach));
    return new Scratch()
        .raw(java.util.Arrays.copyOf(head, cut))
        .raw(java.util.Arrays.copyOfRange(tail, from, tail.length))
        .bytes();
  }
}
