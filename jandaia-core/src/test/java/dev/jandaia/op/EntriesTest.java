package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EntriesTest {
  private static final ModelSpec SPEC =
      Sequences.oneLayer(GroupedQueryAttention.of(1, 1, 2, Position.NONE));

  private static SequenceCache at(int position) {
    SequenceCache cache = SequenceCache.none(SPEC);
    cache.advance(position);
    return cache;
  }

  @Test
  void countsWhatTheRowsOfEachChunkComplete() {
    Batch batch = new Batch();
    batch.add(at(3), new int[1], 0, 1);
    batch.add(at(4), new int[3], 0, 3);
    batch.add(at(7), new int[6], 0, 6);
    batch.compress(4);
    Entries entries = batch.entries();
    assertEquals(3, entries.count());
    assertArrayEquals(new int[] {0, 4, 8}, Arrays.copyOf(entries.positions(), 3));
    assertEquals(1, entries.count(0));
    assertEquals(0, entries.count(1));
    assertEquals(2, entries.count(2));
    assertEquals(1, entries.firstRow(2));
    assertEquals(1, entries.past(batch.chunk(2)));
    assertEquals(0, entries.visible(2));
    assertEquals(1, entries.visible(3));
    assertEquals(2, entries.visible(7));
  }

  @Test
  void aRateOfOneCountsTokens() {
    Batch batch = new Batch();
    batch.add(at(5), new int[2], 0, 2);
    batch.add(at(0), new int[3], 0, 3);
    batch.compress(1);
    assertEquals(5, batch.entries().count());
    assertArrayEquals(new int[] {5, 6, 0, 1, 2}, Arrays.copyOf(batch.entries().positions(), 5));
    assertEquals(7, batch.entries().visible(6));
  }
}
