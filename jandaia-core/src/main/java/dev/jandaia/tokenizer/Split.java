package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts pieces at the matches of a pattern. */
final class Split implements PreTokenizer {
  private final Pattern pattern;
  private final Behavior behavior;
  private final boolean inverted;

  /** What happens to a match, the delimiter. */
  enum Behavior {
    /** It vanishes. */
    REMOVED,
    /** It is a piece of its own. */
    ISOLATED,
    /** It ends the piece before it. */
    MERGED_WITH_PREVIOUS,
    /** It begins the piece after it. */
    MERGED_WITH_NEXT,
    /** Neighbouring matches are one piece. */
    CONTIGUOUS
  }

  private record Part(int start, int end, boolean delimiter) {}

  private Split(Pattern pattern, Behavior behavior, boolean inverted) {
    this.pattern = pattern;
    this.behavior = behavior;
    this.inverted = inverted;
  }

  /** Cuts by a pattern; {@code inverted} takes what is between the matches for the delimiters. */
  static PreTokenizer regex(String pattern, Behavior behavior, boolean inverted) {
    Optional<PreTokenizer> known =
        behavior == Behavior.ISOLATED ? DigitGroups.forPattern(pattern) : Optional.empty();
    return known.orElseGet(() -> new Split(Regex.compile(pattern), behavior, inverted));
  }

  static PreTokenizer literal(String literal, Behavior behavior, boolean inverted) {
    return new Split(Pattern.compile(literal, Pattern.LITERAL), behavior, inverted);
  }

  /** Matches and what is between them each become a piece. */
  static PreTokenizer isolated(String pattern) {
    return regex(pattern, Behavior.ISOLATED, false);
  }

  @Override
  public List<Piece> split(Piece piece) {
    String text = piece.text();
    List<Part> parts = Regex.guarded(pattern, () -> parts(text));
    List<Piece> pieces = new ArrayList<>();
    for (Part part : arranged(parts)) {
      if (part.end() > part.start()) {
        boolean atStart = piece.atStart() && part.start() == 0;
        pieces.add(new Piece(text.substring(part.start(), part.end()), atStart));
      }
    }
    return pieces;
  }

  private List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        parts.add(new Part(end, matcher.start(), inverted));
      }
      if (matcher.end() > matcher.start()) {
        parts.add(new Part(matcher.start(), matcher.end(), !inverted));
      }
      end = matcher.end();
    }
    if (end < text.length()) {
      parts.add(new Part(end, text.length(), inverted));
    }
    return parts;
  }

  private List<Part> arranged(List<Part> parts) {
    return switch (behavior) {
      case ISOLATED -> parts;
      case REMOVED -> parts.stream().filter(part -> !part.delimiter()).toList();
      case CONTIGUOUS -> contiguous(parts);
      case MERGED_WITH_PREVIOUS -> mergedWithPrevious(parts);
      case MERGED_WITH_NEXT -> mergedWithNext(parts);
    };
  }

  private static List<Part> contiguous(List<Part> parts) {
    List<Part> merged = new ArrayList<>();
    for (Part part : parts) {
      if (!merged.isEmpty() && merged.getLast().delimiter() == part.delimiter()) {
        merged.add(new Part(merged.removeLast().start(), part.end(), part.delimiter()));
      } else {
        merged.add(part);
      }
    }
    return merged;
  }

  /** The second of two neighbouring delimiters is a piece of its own. */
  private static List<Part> mergedWithPrevious(List<Part> parts) {
    List<Part> merged = new ArrayList<>();
    boolean afterDelimiter = false;
    for (Part part : parts) {
      if (part.delimiter() && !afterDelimiter && !merged.isEmpty()) {
        merged.add(new Part(merged.removeLast().start(), part.end(), true));
      } else {
        merged.add(part);
      }
      afterDelimiter = part.delimiter();
    }
    return merged;
  }

  private static List<Part> mergedWithNext(List<Part> parts) {
    List<Part> merged = new ArrayList<>();
    boolean beforeDelimiter = false;
    for (Part part : parts.reversed()) {
      if (part.delimiter() && !beforeDelimiter && !merged.isEmpty()) {
        merged.add(new Part(part.start(), merged.removeLast().end(), true));
      } else {
        merged.add(part);
      }
      beforeDelimiter = part.delimiter();
    }
    return merged.reversed();
  }
}
