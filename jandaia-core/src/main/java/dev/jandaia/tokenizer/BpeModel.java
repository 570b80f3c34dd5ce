package dev.jandaia.tokenizer;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Byte-pair encoding (arXiv:1508.07909) over the characters of a piece. Byte-level BPE gets pieces
 * in the {@link ByteAlphabet}; SentencePiece BPE gets whole lines, its merges come from scores.
 */
final class BpeModel implements Model {
  private static final int CACHED_WORDS = 1 << 15;
  private static final int CACHED_LENGTH = 48;

  private final Spellings pieces;
  private final Merges merges;
  private final Fallback fallback;
  private final Options options;
  private final LongIntMap characters;
  private final ConcurrentHashMap<String, int[]> cache = new ConcurrentHashMap<>();

  /**
   * The rarer choices.
   *
   * @param wholeFirst a piece that is a token needs no merging ({@code ignore_merges})
   * @param continuation put before every character but the first ({@code
   *     continuing_subword_prefix})
   * @param wordEnd put after the last character ({@code end_of_word_suffix})
   */
  record Options(boolean wholeFirst, String continuation, String wordEnd) {
    static final Options PLAIN = new Options(false, "", "");
    static final Options WHOLE_FIRST = new Options(true, "", "");

    private boolean affixes() {
      return !continuation.isEmpty() || !wordEnd.isEmpty();
    }
  }

  /**
   * A model.
   *
   * @param pieces the tokens that text may become: no control tokens, no byte tokens
   */
  BpeModel(Spellings pieces, Merges merges, Fallback fallback, Options options) {
    this.pieces = pieces;
    this.merges = merges;
    this.fallback = fallback;
    this.options = options;
    this.characters = new LongIntMap(1024);
    pieces.forEachCharacter(characters::putIfAbsent);
  }

  @Override
  public void encode(String piece, IntList ids) {
    if (piece.length() > CACHED_LENGTH) {
      encodeUncached(piece, ids);
      return;
    }
    int[] known = cache.get(piece);
    if (known == null) {
      IntList fresh = new IntList();
      encodeUncached(piece, fresh);
      known = fresh.toArray();
      if (cache.size() < CACHED_WORDS) {
        cache.put(piece, known);
      }
    }
    ids.addAll(known);
  }

  private void encodeUncached(String piece, IntList ids) {
    int whole = options.wholeFirst() ? pieces.find(piece) : -1;
    if (whole >= 0) {
      ids.add(whole);
      return;
    }
    boolean unknown = false;
    for (int symbol : new MergeRun(merges, symbols(piece)).merged()) {
      if (symbol >= 0) {
        ids.add(symbol);
        unknown = false;
      } else {
        unknown = fallback.encode(Character.toString(-1 - symbol), unknown, ids);
      }
    }
  }

  private int[] symbols(String piece) {
    if (options.affixes()) {
      return affixedSymbols(piece);
    }
    return piece
        .codePoints()
        .map(codePoint -> {
          int id = characters.get(codePoint);
          return id >= 0 ? id : -1 - codePoint;
        })
        .toArray();
  }

  private int[] affixedSymbols(String piece) {
    IntList symbols = new IntList();
    for (int i = 0, end; i < piece.length(); i = end) {
      end = piece.offsetByCodePoints(i, 1);
      String character =
          (i > 0 ? options.continuation() : "")
              + piece.substring(i, end)
              + (end == piece.length() ? options.wordEnd() : "");
      int id = pieces.find(character);
      symbols.add(id >= 0 ? id : -1 - piece.codePointAt(i));
    }
    return symbols.toArray();
  }
}
