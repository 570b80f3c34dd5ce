package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a SentencePiece {@code .model} file, as far as encoding needs it. Field numbers
 * are those of the published message {@code ModelProto}; the initial values are its defaults.
 */
final class SentencePieceFile {
  private final String origin;
  private final List<Piece> pieces = new ArrayList<>();
  private Algorithm algorithm = Algorithm.UNIGRAM;
  private boolean spaceLast;
  private boolean byteFallback;
  private int unknownId = 0;
  private int bosId = 1;
  private int eosId = 2;
  private int paddingId = -1;
  private byte[] charsmap = {};
  private boolean extraSpace = true;
  private boolean trimmed = true;
  private boolean spacesEscaped = true;

  /** One entry of the vocabulary; its id is its position. */
  record Piece(String text, float score, Type type) {}

  /** What a piece is, in the order of the file's numbers from 1. */
  enum Type {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** How text is segmented, in the order of the file's numbers from 1. */
  enum Algorithm {
    UNIGRAM,
    BPE,
    WORD,
    CHAR
  }

  private SentencePieceFile(String origin) {
    this.origin = origin;
  }

  static SentencePieceFile read(Path path) {
    SentencePieceFile file = new SentencePieceFile(path.toString());
    file.read(new Protobuf(path.toString(), ByteBuffer.wrap(TextFiles.bytes(path))));
    if (file.pieces.isEmpty()) {
      throw new JandaiaException(path + ": expected a SentencePiece model, found no pieces");
    }
    return file;
  }

  private void read(Protobuf model) {
    while (model.next()) {
      switch (model.field()) {
        case 1 -> pieces.add(piece(model.message()));
        case 2 -> readTrainer(model.message());
        case 3 -> readNormalizer(model.message());
        default -> model.skip();
      }
    }
  }

  private Piece piece(Protobuf message) {
    String text = "";
    float score = 0;
    Type type = Type.NORMAL;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> text = message.text();
        case 2 -> score = message.number();
        case 3 -> type = numbered(Type.values(), message.integer(), "piece type");
        default -> message.skip();
      }
    }
    return new Piece(text, score, type);
  }

  private void readTrainer(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 3 -> algorithm = numbered(Algorithm.values(), message.integer(), "model type");
        case 24 -> spaceLast = message.flag();
        case 35 -> byteFallback = message.flag();
        case 40 -> unknownId = message.integer();
        case 41 -> bosId = message.integer();
        case 42 -> eosId = message.integer();
        case 43 -> paddingId = message.integer();
        default -> message.skip();
      }
    }
  }

  private void readNormalizer(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 2 -> charsmap = message.bytes();
        case 3 -> extraSpace = message.flag();
        case 4 -> trimmed = message.flag();
        case 5 -> spacesEscaped = message.flag();
        default -> message.skip();
      }
    }
  }

  private <T> T numbered(T[] values, int number, String what) {
    if (number < 1 || number > values.length) {
      throw new JandaiaException(
          origin + ": " + what + ": expected 1 to " + values.length + ", found " + number);
    }
    return values[number - 1];
  }

  String origin() {
    return origin;
  }

  List<Piece> pieces() {
    return pieces;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  boolean byteFallback() {
    return byteFallback;
  }

  int unknownId() {
    return unknownId;
  }

  int bosId() {
    return bosId;
  }

  int eosId() {
    return eosId;
  }

  int paddingId() {
    return paddingId;
  }

  /** How many spaces before a decoded text are the tokenizer's own: all, if it removes others. */
  int leadingSpaces() {
    boolean own = extraSpace && !spaceLast;
    return own ? (trimmed ? Integer.MAX_VALUE : 1) : 0;
  }

  SentencePieceVocabulary vocabulary() {
    List<Type> numbered = List.of(Type.values());
    List<Byte> map = new ArrayList<>();
    for (byte b : charsmap) {
      map.add(b);
    }
    return new SentencePieceVocabulary(
        algorithm == Algorithm.UNIGRAM,
        pieces.stream().map(Piece::score).toList(),
        pieces.stream().map(piece -> numbered.indexOf(piece.type()) + 1).toList(),
        extraSpace,
        trimmed,
        map);
  }

  Normalizer normalizer(Trie frozen) {
    if (!spacesEscaped) {
      throw new JandaiaException(origin + ": escape_whitespaces: expected true, found false");
    }
    return SentencePieceNormalizer.of(
        Charsmap.of(charsmap), frozen, extraSpace, trimmed, spaceLast);
  }
}
