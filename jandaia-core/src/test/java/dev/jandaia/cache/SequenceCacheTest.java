package dev.jandaia.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Span;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SequenceCacheTest {
  private static final int WINDOW = 8;
  private static final GroupedQueryAttention FULL =
      GroupedQueryAttention.of(4, 2, 3, Position.NONE);
  private static final Mixer SLIDING = FULL.withSpan(new Span.Sliding(WINDOW));
  private static final Mixer LATENT =
      new LatentAttention(2, 0, 5, 2, 2, 3, false, false, Norm.NONE, Position.NONE, Span.FULL, 1);

  private static ModelSpec spec(Mixer... mixers) {
    List<BlockSpec> blocks =
        Stream.of(mixers)
            .map(mixer ->
                new BlockSpec(
                    mixer, new Mlp(1, Activation.RELU, false), new Residual.PreNorm(Norm.NONE)))
            .toList();
    return new ModelSpec("test", 1, 1, 1, Embedding.PLAIN, blocks, Norm.NONE, Head.TIED);
  }

  private static void append(SequenceCache cache, int layers, int count) {
    for (int layer = 0; layer < layers; layer++) {
      cache.layer(layer).append(new float[100], 0, 0, new float[100], 0, 0, count);
    }
    cache.advance(count);
  }

  @Test
  void eachLayerHasTheCacheOfItsMixer() {
    SequenceCache cache = SequenceCache.of(spec(FULL, LATENT, SLIDING));
    assertInstanceOf(HeadCache.class, cache.layer(0));
    assertInstanceOf(LatentCache.class, cache.layer(1));
    append(cache, 3, 1000);
    assertEquals(0, cache.layer(0).start());
    assertEquals(0, cache.layer(1).start());
    assertEquals(14 * 64, cache.layer(2).start());
  }

  @Test
  void countsPositionsAndBytesOfAllLayers() {
    SequenceCache cache = SequenceCache.of(spec(FULL, LATENT, SLIDING));
    assertEquals(0, cache.position());
    assertEquals(0, cache.bytes());
    append(cache, 3, 64);
    assertEquals(64, cache.position());
    assertEquals((12 + 7 + 12) * 64 * 4, cache.bytes());
    append(cache, 3, 64 * 9);
    assertEquals(640, cache.position());
    assertEquals((10 * 12 + 10 * 7 + 2 * 12) * 64 * 4, cache.bytes());
  }

  @Test
  void goesBackInAllLayersOrInNone() {
    SequenceCache cache = SequenceCache.of(spec(FULL, SLIDING));
    append(cache, 2, 200);
    assertThrows(IllegalStateException.class, () -> cache.truncate(100));
    assertEquals(200, cache.position());
    assertEquals(200, cache.layer(0).end());
    assertEquals(200, cache.layer(1).end());
    cache.truncate(150);
    assertEquals(150, cache.position());
    assertEquals(150, cache.layer(0).end());
    assertEquals(150, cache.layer(1).end());
    cache.truncate(0);
    assertEquals(0, cache.position());
  }

  @Test
  void goesBackOverABlockBoundary() {
    SequenceCache cache = SequenceCache.of(spec(SLIDING));
    append(cache, 1, 129);
    cache.truncate(128);
    assertEquals(64, cache.layer(0).start(), "the first block has been written over");
  }

  private static ModelSpec compressedSpec() {
    Compression compression =
        new Compression(
            4, true, Norm.NONE, Optional.of(new Indexer(1, 2, Norm.NONE, Position.NONE)), 3);
    return spec(
        new CompressedAttention(
            1,
            3,
            2,
            Norm.NONE,
            Norm.NONE,
            Position.NONE,
            WINDOW,
            1,
            1,
            1,
            Optional.of(compression)));
  }

  private static void appendCompressed(SequenceCache cache, int count) {
    CompressedCache layer = cache.compressed(0);
    int entries = (cache.position() + count) / 4 - cache.position() / 4;
    float[] zeros = new float[100];
    layer.window().append(zeros, 0, 0, zeros, 0, 0, count);
    for (EntryCache part : List.of(layer.compressed(), layer.index())) {
      part.rows().append(zeros, 0, 0, zeros, 0, 0, count);
      part.entries().append(zeros, 0, 0, zeros, 0, 0, entries);
    }
    cache.advance(count);
  }

  @Test
  void entriesGoBackWithTheirTokens() {
    SequenceCache cache = SequenceCache.of(compressedSpec());
    appendCompressed(cache, 103);
    assertEquals(25, cache.compressed(0).compressed().entries().end());
    SequenceCache fork = cache.fork();
    cache.truncate(99);
    assertEquals(24, cache.compressed(0).compressed().entries().end());
    assertEquals(24, cache.compressed(0).index().entries().end());
    assertEquals(99, cache.compressed(0).window().end());
    assertEquals(25, fork.compressed(0).compressed().entries().end());
    cache.truncate(0);
    assertEquals(0, cache.compressed(0).index().entries().end());
  }

  @Test
  void theTokensThatTheNextEntryIsMadeOfMustStillBeHeld() {
    SequenceCache cache = SequenceCache.of(compressedSpec());
    appendCompressed(cache, 129);
    // Rings of two blocks hold positions 64 to 128; the window of 72 begins at 65.
    cache.truncate(72);
    appendCompressed(cache, 57);
    assertThrows(IllegalStateException.class, () -> cache.truncate(70));
    assertEquals(129, cache.position());
    SequenceCache.Checkpoint checkpoint = cache.checkpoint();
    appendCompressed(cache, 20);
    cache.restore(checkpoint);
    assertEquals(32, cache.compressed(0).compressed().entries().end());
    appendCompressed(cache, 200);
    assertThrows(IllegalStateException.class, () -> cache.restore(checkpoint));
  }

  @Test
  void positionsOutsideOfTheSequenceAreRefused() {
    SequenceCache cache = SequenceCache.none(spec(FULL));
    cache.advance(3);
    assertThrows(IllegalArgumentException.class, () -> cache.truncate(4));
    assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
    cache.truncate(2);
    assertEquals(2, cache.position());
  }

  @Test
  void aForkHasAPositionOfItsOwn() {
    SequenceCache cache = SequenceCache.of(spec(FULL));
    append(cache, 1, 10);
    SequenceCache fork = cache.fork();
    append(fork, 1, 5);
    assertEquals(10, cache.position());
    assertEquals(15, fork.position());
    assertEquals(10, cache.layer(0).end());
  }

  @Test
  void aSequenceSeenWholeRemembersNothing() {
    SequenceCache cache = SequenceCache.none(spec(FULL, LATENT));
    append(cache, 2, 1000);
    assertEquals(0, cache.bytes());
    assertEquals(1000, cache.position());
  }
}
