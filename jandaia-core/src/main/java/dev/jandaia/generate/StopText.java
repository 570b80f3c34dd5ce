package dev.jandaia.generate;

import java.util.List;

/**
 * Lets text through as it arrives, but holds back whatever could be the beginning of a stop text,
 * and ends before the first one that appears.
 */
public final class StopText {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  public StopText(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Takes the next piece and returns the text that may be shown now. */
  public String accept(String piece) {
    if (stopped) {
      return "";
    }
    held.append(piece);
    int stop = firstStop();
    if (stop >= 0) {
      stopped = true;
      held.setLength(stop);
      return taken(stop);
    }
    return taken(held.length() - possibleStart());
  }

  /** The rest, when no more text will come. */
  public String flush() {
    return taken(held.length());
  }

  /** Whether a stop text has appeared. */
  public boolean stopped() {
    return stopped;
  }

  private int firstStop() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  /** Length of the longest end of the held text that begins a stop text. */
  private int possibleStart() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  private String taken(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }
}
