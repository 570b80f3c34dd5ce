package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.PreTokenizer.Piece;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The pipeline: added tokens, normaliser, pre-tokenizer, model; and back. */
final class TextTokenizer implements Tokenizer {
  private static final byte[] NOTHING = {};

  private final Parts parts;
  private final AddedTokenMatcher rawTokens;
  private final AddedTokenMatcher normalizedTokens;

  /**
   * What a tokenizer is made of.
   *
   * @param added tokens that are found before normalisation
   * @param addedNormalized tokens that are found after it
   * @param leadingSpaces how many spaces at the start of a decoded text are not the text's own
   */
  record Parts(
      Vocabulary vocabulary,
      AddedTokenMatcher added,
      AddedTokenMatcher addedNormalized,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      Model model,
      int leadingSpaces,
      Roles roles,
      Optional<String> chatTemplate) {}

  TextTokenizer(Parts parts) {
    this.parts = parts;
    this.rawTokens = parts.added();
    this.normalizedTokens = parts.addedNormalized();
  }

  @Override
  public int[] encode(String text, Specials specials) {
    IntList ids = new IntList();
    if (specials.framed()) {
      parts.roles().prefix().forEach(ids::add);
    }
    String clean = Utf8.repaired(text);
    for (AddedTokenMatcher.Part part : rawTokens.parts(clean, specials.parsed())) {
      if (part.isToken()) {
        ids.add(part.id());
      } else {
        Piece piece = new Piece(clean.substring(part.start(), part.end()), part.start() == 0);
        encodeRaw(piece, specials, ids);
      }
    }
    if (specials.framed()) {
      parts.roles().suffix().forEach(ids::add);
    }
    return ids.toArray();
  }

  private void encodeRaw(Piece raw, Specials specials, IntList ids) {
    String text = parts.normalizer().apply(raw.text());
    for (AddedTokenMatcher.Part part : normalizedTokens.parts(text, specials.parsed())) {
      if (part.isToken()) {
        ids.add(part.id());
      } else {
        boolean atStart = raw.atStart() && part.start() == 0;
        encodeText(new Piece(text.substring(part.start(), part.end()), atStart), ids);
      }
    }
  }

  private void encodeText(Piece text, IntList ids) {
    for (Piece piece : parts.preTokenizer().split(text)) {
      parts.model().encode(piece.text(), ids);
    }
  }

  @Override
  public String decode(int[] ids, Specials specials) {
    StreamingDecoder decoder = streamingDecoder(specials);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.accept(id));
    }
    text.append(decoder.flush());
    int start = 0;
    while (start < parts.leadingSpaces() && start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  @Override
  public StreamingDecoder streamingDecoder(Specials specials) {
    Vocabulary vocabulary = parts.vocabulary();
    return new StreamingDecoder(
        id -> vocabulary.isSpecial(id) && !specials.parsed() ? NOTHING : vocabulary.bytes(id));
  }

  @Override
  public int vocabSize() {
    return parts.vocabulary().size();
  }

  @Override
  public OptionalInt lookup(String token) {
    return parts.vocabulary().lookup(token);
  }

  @Override
  public String token(int id) {
    return parts.vocabulary().spelling(id);
  }

  @Override
  public byte[] bytes(int id) {
    return parts.vocabulary().bytes(id).clone();
  }

  @Override
  public boolean isSpecial(int id) {
    return parts.vocabulary().isSpecial(id);
  }

  @Override
  public OptionalInt bosId() {
    return parts.roles().bos();
  }

  @Override
  public OptionalInt eosId() {
    return parts.roles().eos();
  }

  @Override
  public OptionalInt unknownId() {
    return parts.roles().unknown();
  }

  @Override
  public OptionalInt paddingId() {
    return parts.roles().padding();
  }

  @Override
  public Set<Integer> endOfGeneration() {
    return parts.roles().endOfGeneration();
  }

  @Override
  public boolean addsBos() {
    return frames(parts.roles().prefix(), bosId());
  }

  @Override
  public boolean addsEos() {
    return frames(parts.roles().suffix(), eosId());
  }

  private static boolean frames(List<Integer> added, OptionalInt token) {
    return token.isPresent() && added.contains(token.getAsInt());
  }

  @Override
  public Optional<String> chatTemplate() {
    return parts.chatTemplate();
  }
}
