package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.bytes;
import static dev.jandaia.atlas.text.Amounts.count;
import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.LayerCache;
import java.util.ArrayList;
import java.util.List;

/** What a model remembers of one sequence. */
final class CacheRows {
  private static final String NOTE =
      "One sequence. q8 is 34 bytes for 32 elements; TurboQuant adds two f16 norms to every key, "
          + "value or latent vector; states that do not grow are f32 in every case.";

  private CacheRows() {}

  static Section of(List<Subject> subjects) {
    Rows rows = new Rows(subjects);
    rows.add("kv_elements_per_token", "elements per token", "", CacheRows::elements);
    rows.add(
        "kv_elements_per_token_unbounded",
        "  of layers without a window",
        "",
        CacheRows::unboundedElements);
    rows.add("state_bytes", "state that does not grow", "B", CacheRows::state);
    for (CacheType type : CacheType.ALL) {
      String key = "kv_" + type.name().replaceAll("[ .]", "_");
      rows.add(
          key + "_per_token", type.name() + " per token", "B", subject -> perToken(subject, type));
      for (long context : Sheet.CONTEXTS) {
        rows.add(
            key + "_at_" + context,
            "%s at %dk".formatted(type.name(), context >> 10),
            "B",
            subject -> at(subject, type, context));
      }
    }
    return new Section("Cache", NOTE, rows.filled());
  }

  private static Cell elements(Subject subject) {
    long elements = CacheCount.of(subject.spec()).elementsPerToken();
    List<String> working = new ArrayList<>();
    for (LayerKind kind : LayerKind.of(subject.spec())) {
      working.add("layer %s: %s".formatted(kind.letter(), rule(kind)));
    }
    working.add(sum(subject) + " = " + grouped(elements));
    return Cell.of(count(elements), elements, working);
  }

  /** The counting rule of a layer with its numbers. */
  private static String rule(LayerKind kind) {
    LayerCache cache = kind.cost().cache();
    String elements =
        switch (kind.block().mixer()) {
          case GroupedQueryAttention a when cache.elementsPerToken() == 2L * a.keyValueWidth() ->
              "2·G·D = 2·%d·%d = %s"
                  .formatted(a.numKvHeads(), a.headDim(), grouped(cache.elementsPerToken()));
          case LatentAttention a when cache.elementsPerToken() == a.cachedDim() ->
              "d_c + r = %d + %d = %s"
                  .formatted(a.kvRank(), a.ropeDim(), grouped(cache.elementsPerToken()));
          case LatentAttention a when a.indexer().isPresent() ->
              "d_c + r + indexer's D = %d + %d + %d = %s"
                  .formatted(
                      a.kvRank(),
                      a.ropeDim(),
                      a.indexer().get().headDim(),
                      grouped(cache.elementsPerToken()));
          case CompressedAttention a -> "D = " + grouped(a.headDim());
          default -> grouped(cache.elementsPerToken());
        };
    String window =
        cache.maxTokens() == Long.MAX_VALUE
            ? ""
            : ", of the last %s tokens".formatted(grouped(cache.maxTokens()));
    String state =
        cache.stateElements() == 0
            ? ""
            : ", and a state of %s elements".formatted(grouped(cache.stateElements()));
    String name = BlockText.mixer(kind.block().mixer()).getFirst();
    return "%s elements (%s)%s%s%s".formatted(elements, name, window, entries(cache), state);
  }

  private static String entries(LayerCache cache) {
    return cache.entries().elements() == 0
        ? ""
        : ", and an entry of %s elements for every %s tokens"
            .formatted(grouped(cache.entries().elements()), grouped(cache.entries().rate()));
  }

  private static String entriesAt(LayerCache cache, long context) {
    return cache.entries().elements() == 0
        ? ""
        : " + %s elements × %s entries"
            .formatted(
                grouped(cache.entries().elements()), grouped(context / cache.entries().rate()));
  }

  private static String sum(Subject subject) {
    return String.join(
        " + ",
        LayerKind.of(subject.spec()).stream()
            .map(kind ->
                kind.layers()
                    + " × "
                    + BlockText.number(kind.cost().cache().meanElementsPerToken()))
            .toList());
  }

  private static Cell unboundedElements(Subject subject) {
    CacheCount cache = CacheCount.of(subject.spec());
    long elements = cache.elementsPerTokenOfGlobalLayers();
    return elements == cache.elementsPerToken()
        ? Cell.of(count(elements), elements, "no layer has a window")
        : Cell.of(
            count(elements),
            elements,
            "what a token adds once every window is full: " + grouped(elements));
  }

  private static Cell state(Subject subject) {
    CacheSize cache = CacheSize.of(subject.spec());
    if (cache.stateElements() == 0) {
      return Cell.NONE;
    }
    return Cell.of(
        bytes(cache.stateBytes()),
        cache.stateBytes(),
        "%s elements × %d bytes".formatted(grouped(cache.stateElements()), CacheType.STATE_BYTES));
  }

  private static Cell perToken(Subject subject, CacheType type) {
    double bytes = CacheSize.of(subject.spec()).perToken(type);
    long elements = CacheCount.of(subject.spec()).elementsPerToken();
    return Cell.of(
        bytes(bytes),
        bytes,
        "%s elements × %s bits%s = %s bytes"
            .formatted(
                grouped(elements),
                BlockText.number(type.bitsPerElement()),
                norms(subject, type),
                BlockText.number(bytes)));
  }

  private static String norms(Subject subject, CacheType type) {
    if (type.bitsPerVector() == 0) {
      return "";
    }
    double vectors = 0;
    for (LayerKind kind : LayerKind.of(subject.spec())) {
      vectors += kind.layers() * CacheSize.meanVectors(kind.cost().cache(), kind.block().mixer());
    }
    return " + %s vectors × %d bits".formatted(BlockText.number(vectors), type.bitsPerVector());
  }

  private static Cell at(Subject subject, CacheType type, long context) {
    double bytes = CacheSize.of(subject.spec()).at(context, type);
    List<String> working = new ArrayList<>();
    for (LayerKind kind : LayerKind.of(subject.spec())) {
      LayerCache cache = kind.cost().cache();
      long tokens = Math.min(context, cache.maxTokens());
      double layer = CacheSize.grown(cache, kind.block().mixer(), context, type);
      working.add(
          "layer %s: %d × %s elements × %s tokens%s = %s"
              .formatted(
                  kind.letter(),
                  kind.layers(),
                  grouped(cache.elementsPerToken()),
                  grouped(tokens),
                  entriesAt(cache, context),
                  bytes(kind.layers() * layer)));
    }
    working.add("with states: " + bytes(bytes));
    return Cell.of(bytes(bytes), bytes, working);
  }
}
