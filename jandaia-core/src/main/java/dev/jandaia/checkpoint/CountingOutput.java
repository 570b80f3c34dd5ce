package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An output that knows its position and holds tensors to the size they announced. */
final class CountingOutput extends FilterOutputStream {
  private long position;

  CountingOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    position++;
  }

  @Override
  public void write(byte[] bytes, int from, int n) throws IOException {
    out.write(bytes, from, n);
    position += n;
  }

  long position() {
    return position;
  }

  void pad(long alignment, int filler) throws IOException {
    while (position % alignment != 0) {
      write(filler);
    }
  }

  void writeTensor(TensorOutput tensor) throws IOException {
    long start = position;
    tensor.content().writeTo(this);
    if (position - start != tensor.byteSize()) {
      throw new JandaiaException(
          "tensor %s: expected %d bytes to be written, found %d"
              .formatted(tensor.name(), tensor.byteSize(), position - start));
    }
  }

  static void requireDistinctNames(Object target, List<TensorOutput> tensors) {
    Set<String> names = new HashSet<>();
    for (TensorOutput tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new JandaiaException(
            "%s: tensor %s: expected once, found twice".formatted(target, tensor.name()));
      }
    }
  }
}
