package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Finds added tokens in a text: leftmost first, the longest where several begin. */
final class AddedTokenMatcher {
  private static final Pattern WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS);

  private final Trie trie;
  private final Map<Integer, AddedToken> tokens = new HashMap<>();

  /** A part of the text: a token, or (id −1) text between tokens. */
  record Part(int id, int start, int end) {
    boolean isToken() {
      return id >= 0;
    }
  }

  /** A matcher; {@code spelling} gives the text by which a token is found. */
  AddedTokenMatcher(Collection<AddedToken> tokens, Function<AddedToken, String> spelling) {
    trie = new Trie(tokens.size());
    for (AddedToken token : tokens) {
      String pattern = spelling.apply(token);
      if (!pattern.isEmpty()) {
        trie.put(pattern, token.id());
        this.tokens.put(token.id(), token);
      }
    }
  }

  /** The parts of {@code text} in order; without {@code markup} control tokens stay text. */
  List<Part> parts(String text, boolean markup) {
    List<Part> parts = new ArrayList<>();
    int done = 0;
    if (!tokens.isEmpty()) {
      for (int i = 0; i < text.length(); ) {
        Part match = matchAt(text, i);
        if (match.end() == i) {
          i++;
          continue;
        }
        i = match.end();
        AddedToken token = tokens.get(match.id());
        if ((token.special() && !markup) || !standsAlone(token, text, match)) {
          continue;
        }
        done = append(token, stripped(token, text, match, done), done, parts);
        i = Math.max(i, done);
      }
    }
    if (done < text.length()) {
      parts.add(new Part(-1, done, text.length()));
    }
    return parts;
  }

  private static int append(AddedToken token, Part match, int done, List<Part> parts) {
    if (match.start() > done) {
      parts.add(new Part(-1, done, match.start()));
    }
    parts.add(new Part(token.id(), match.start(), match.end()));
    return match.end();
  }

  private Part matchAt(String text, int start) {
    int node = 0;
    Part longest = new Part(-1, start, start);
    for (int i = start; i < text.length(); i++) {
      node = trie.step(node, text.charAt(i));
      if (node < 0) {
        break;
      }
      if (trie.id(node) >= 0) {
        longest = new Part(trie.id(node), start, i + 1);
      }
    }
    return longest;
  }

  private static boolean standsAlone(AddedToken token, String text, Part match) {
    if (!token.singleWord()) {
      return true;
    }
    boolean free = match.start() == 0 || !isWord(text.codePointBefore(match.start()));
    return free && (match.end() == text.length() || !isWord(text.codePointAt(match.end())));
  }

  private static boolean isWord(int codePoint) {
    return WORD.matcher(Character.toString(codePoint)).matches();
  }

  private static Part stripped(AddedToken token, String text, Part match, int done) {
    int start = match.start();
    int end = match.end();
    while (token.leftStrip() && start > done && isSpace(text.charAt(start - 1))) {
      start--;
    }
    while (token.rightStrip() && end < text.length() && isSpace(text.charAt(end))) {
      end++;
    }
    return new Part(match.id(), start, end);
  }

  private static boolean isSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
  }
}
