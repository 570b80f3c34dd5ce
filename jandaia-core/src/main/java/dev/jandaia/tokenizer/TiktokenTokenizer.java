package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.PrePatterns.PrePattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads a rank file as tiktoken writes them: a line for each token, its bytes in base64, a space
 * and its id. Such a file names neither its pattern nor its control tokens.
 */
final class TiktokenTokenizer {
  private TiktokenTokenizer() {}

  static Tokenizer read(Path file, PrePattern pattern, List<AddedToken> given, HfConfig config) {
    RankedVocabulary ranked = ranked(file);
    List<AddedToken> added = new ArrayList<>(given);
    // What the configuration repeats of the ordinary vocabulary stays ordinary.
    added.removeIf(token -> !token.special() && ranked.pieces().containsValue(token.id()));
    Vocabulary vocabulary = ranked.vocabulary(added);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            vocabulary,
            new AddedTokenMatcher(added, AddedToken::content),
            new AddedTokenMatcher(List.of(), AddedToken::content),
            Normalizer.NONE,
            pattern.preTokenizer(),
            ranked.model(),
            0,
            config.roles(vocabulary, RoleDefaults.NONE),
            config.chatTemplate()));
  }

  private static RankedVocabulary ranked(Path file) {
    RankedVocabulary ranked = RankedVocabulary.empty();
    int number = 0;
    for (String line : TextFiles.read(file).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        add(line.strip(), file, number, ranked);
      }
    }
    if (ranked.pieces().isEmpty()) {
      throw new JandaiaException(file + ": expected lines of base64 and rank, found none");
    }
    return ranked;
  }

  private static void add(String line, Path file, int number, RankedVocabulary ranked) {
    try {
      int cut = line.indexOf(' ');
      byte[] bytes = Base64.getDecoder().decode(line.substring(0, Math.max(cut, 0)));
      ranked.add(bytes, Integer.parseInt(line.substring(cut + 1)));
    } catch (IllegalArgumentException e) {
      throw new JandaiaException(
          file + ":" + number + ": expected base64 and a rank, found " + Messages.shortened(line),
          e);
    }
  }
}
