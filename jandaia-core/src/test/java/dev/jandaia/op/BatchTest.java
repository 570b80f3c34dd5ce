package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final ModelSpec SPEC =
      Sequences.oneLayer(GroupedQueryAttention.of(1, 1, 2, Position.NONE));

  @Test
  void chunksContinueTheirSequences() {
    SequenceCache fresh = SequenceCache.none(SPEC);
    SequenceCache underWay = SequenceCache.none(SPEC);
    underWay.advance(7);
    Batch batch = new Batch();
    batch.add(underWay, new int[] {9, 10, 11, 12}, 1, 2);
    batch.add(fresh, 5);
    batch.add(SequenceCache.none(SPEC), new int[40], 0, 40);

    assertEquals(43, batch.size());
    assertEquals(3, batch.chunkCount());
    assertArrayEquals(new int[] {10, 11, 5, 0}, Arrays.copyOf(batch.ids(), 4));
    assertArrayEquals(new int[] {7, 8, 0, 0, 1}, Arrays.copyOf(batch.positions(), 5));
    assertArrayEquals(new int[] {1, 2, 42}, Arrays.copyOf(batch.lastRows(), 3));
    assertEquals(7, batch.chunk(0).start());
    assertEquals(2, batch.chunk(1).firstRow());
  }

  @Test
  void aClearedBatchStartsAnew() {
    Batch batch = new Batch();
    batch.add(SequenceCache.none(SPEC), new int[] {1, 2, 3}, 0, 3);
    batch.clear();
    batch.add(SequenceCache.none(SPEC), 4);

    assertEquals(1, batch.size());
    assertEquals(1, batch.chunkCount());
    assertEquals(0, batch.lastRows()[0]);
    assertEquals(4, batch.ids()[0]);
  }

  @Test
  void anEmptyChunkIsRefused() {
    Batch batch = new Batch();
    SequenceCache cache = SequenceCache.none(SPEC);
    assertThrows(IllegalArgumentException.class, () -> batch.add(cache, new int[3], 0, 0));
  }
}
