package dev.jandaia.spec.count;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules for compressed entries and hyper-connections, against sums over tokens. */
class CompressedCountTest {
  private static final int V = 50;
  private static final int C = 12;
  private static final Norm NORM = Norm.Rms.of(1e-6);
  private static final Norm WEIGHTLESS = new Norm.Rms(1e-6, Norm.Gain.NONE);
  private static final Residual PRE_NORM = new Residual.PreNorm(NORM);

  private static final Compression HEAVY = new Compression(5, false, NORM, Optional.empty(), 0);
  private static final Compression SPARSE =
      new Compression(3, true, NORM, Optional.of(new Indexer(2, 4, NORM, Position.NONE)), 2);

  /** 4 heads of 6, query latent 7, window 8, 2 groups of 5. */
  private static ModelSpec model(Optional<Compression> compression, Residual residual) {
    CompressedAttention attention =
        new CompressedAttention(4, 6, 7, NORM, WEIGHTLESS, Position.NONE, 8, 1, 2, 5, compression);
    GatedMlp mlp = new GatedMlp(9, Gating.SWIGLU, false);
    return new ModelSpec(
        "test",
        V,
        C,
        64,
        Embedding.PLAIN,
        List.of(new BlockSpec(attention, mlp, residual)),
        NORM,
        Head.UNTIED);
  }

  private static final long PLAIN =
      7 * C + 24 * 7 + C * 6 + 24 * 5 + 10 * C + 3 * 9 * C + (long) V * C;

  @Test
  void aTokenMeetsTheWindowAndEntriesThatAreComplete() {
    long keys = Math.min(31, 8);
    assertEquals(
        2 * PLAIN + 4 * 24 * keys, FlopCount.of(model(Optional.empty(), PRE_NORM)).decode(30));
    assertEquals(
        2 * (PLAIN + 2 * C * 6) + 4 * 24 * (keys + 31 / 5),
        FlopCount.of(model(Optional.of(HEAVY), PRE_NORM)).decode(30));
    long indexer = 7 * 8 + 2 * C + 2 * C * 2 * 4;
    assertEquals(
        2 * (PLAIN + 2 * C * 2 * 6 + indexer) + 4 * 24 * (keys + 2) + 2 * 8 * (31 / 3),
        FlopCount.of(model(Optional.of(SPARSE), PRE_NORM)).decode(30));
  }

  @Test
  void aPromptIsTheSumOfItsTokens() {
    for (Compression compression : List.of(HEAVY, SPARSE)) {
      FlopCount count = FlopCount.of(model(Optional.of(compression), PRE_NORM));
      long sum = 0;
      for (int tokens = 1; tokens < 40; tokens++) {
        sum += count.decode(tokens - 1);
        assertEquals(sum, count.forward(tokens), tokens + " tokens");
      }
    }
  }

  @Test
  void cachesHoldTheWindowEntriesAndTokensThatWait() {
    LayerCache heavy = CacheCount.of(model(Optional.of(HEAVY), PRE_NORM)).layers().getFirst();
    long waiting = 2 * 6 * 4;
    assertEquals(waiting, heavy.fixedElements());
    assertEquals(waiting + 6 * 8 + 6 * (104 / 5), heavy.elementsAt(104));
    assertEquals(heavy.elementsAt(104), heavy.elementsReadAt(104));
    LayerCache sparse = CacheCount.of(model(Optional.of(SPARSE), PRE_NORM)).layers().getFirst();
    waiting = 2 * (12 + 8) * 5;
    assertEquals(waiting + 6 * 8 + (6 + 4) * (104 / 3), sparse.elementsAt(104));
    assertEquals(waiting + 6 * 8 + 4 * (104 / 3) + 6 * 2, sparse.elementsReadAt(104));
  }

  @Test
  void aTokenCountsItsShareOfAnEntry() {
    CacheCount count = CacheCount.of(model(Optional.of(HEAVY), PRE_NORM));
    assertEquals(Math.round(6 + 6 / 5.0), count.elementsPerToken());
    assertEquals(Math.round(6 / 5.0), count.elementsPerTokenOfGlobalLayers());
    CacheCount window = CacheCount.of(model(Optional.empty(), PRE_NORM));
    assertEquals(6, window.elementsPerToken());
    assertEquals(0, window.elementsPerTokenOfGlobalLayers());
  }

  @Test
  void connectionsAreMatricesToo() {
    Residual connected =
        new Residual.HyperConnected(NORM, new HyperConnections(3, WEIGHTLESS, 4, 1e-6));
    ModelSpec spec = model(Optional.empty(), connected);
    ModelSpec plain = model(Optional.empty(), PRE_NORM);
    long matrices = 2 * 15 * 3 * C + 3 * 3 * C;
    assertEquals(2 * matrices, FlopCount.of(spec).decode(9) - FlopCount.of(plain).decode(9));
    assertEquals(
        matrices + 2 * (15 + 3) + 3 + 1,
        ParameterCount.of(spec).total() - ParameterCount.of(plain).total());
  }
}
