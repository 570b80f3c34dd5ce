package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class WholeNumbersTest {
  private static Tensor longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return tensor(DType.I64, values.length, bytes.array());
  }

  private static Tensor tensor(DType type, int size, byte[] bytes) {
    return new Tensor("gate.tid2eid", type, Shape.of(size), MemorySegment.ofArray(bytes));
  }

  private static String refusal(Tensor tensor) {
    return assertThrows(JandaiaException.class, () -> WholeNumbers.read(tensor, 2, 6)).getMessage();
  }

  @Test
  void readsBothWidths() {
    assertArrayEquals(new int[] {5, 0}, WholeNumbers.read(longs(5, 0), 2, 6));
    Tensor narrow = tensor(DType.I32, 2, new byte[] {4, 0, 0, 0, 3, 0, 0, 0});
    assertArrayEquals(new int[] {4, 3}, WholeNumbers.read(narrow, 2, 6));
  }

  @Test
  void numbersOutOfRangeAndOtherTypesAreRefused() {
    assertEquals(
        "tensor gate.tid2eid, element 1: expected a number from 0 to 5, found 6",
        refusal(longs(5, 6)));
    assertEquals(
        "tensor gate.tid2eid, element 0: expected a number from 0 to 5, found -1",
        refusal(longs(-1, 2)));
    assertEquals(
        "tensor gate.tid2eid, element 0: expected a number from 0 to 5, found 4294967296",
        refusal(longs(1L << 32, 2)));
    assertEquals(
        "tensor gate.tid2eid: expected I64 or I32, found F32",
        refusal(tensor(DType.F32, 2, new byte[8])));
  }
}
