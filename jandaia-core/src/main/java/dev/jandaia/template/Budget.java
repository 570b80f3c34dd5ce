package dev.jandaia.template;

/**
 * What one rendering may spend. Real templates use a small fraction of a percent of it; a hostile
 * one ends here with a clear error instead of taking the machine with it.
 */
final class Budget {
  /** Length of the longest string, in UTF-16 units, and of the rendered text. */
  static final int MAX_STRING = 16 << 20;

  /** Nesting of lists, tuples and dicts. */
  static final int MAX_VALUE_DEPTH = 400;

  /** Nodes of one value, counting 32 characters of text as a node. */
  static final long MAX_VALUE_WEIGHT = 4 << 20;

  /** Same as the limit of jinja2's sandbox. */
  static final int MAX_RANGE = 100_000;

  private static final long MAX_STEPS = 50_000_000;
  private static final long MAX_ALLOCATED = 128L << 20;

  /** What a string and an element of a container cost besides their content, in characters. */
  private static final long TEXT_OVERHEAD = 32;

  private static final long ELEMENT_SIZE = 16;

  private static final int MAX_NESTING = 1000;
  private static final int MAX_CALLS = 100;

  private final long maxAllocated;
  private long steps;
  private long allocated;
  private int nesting;
  private int calls;

  /**
   * @param inputWeight size of the conversation in nodes; a longer one may be copied more
   */
  Budget(long inputWeight) {
    maxAllocated = MAX_ALLOCATED + 1024 * inputWeight;
  }

  void steps(long count) {
    steps += count;
    if (steps > MAX_STEPS) {
      throw new TemplateError("ran for more than " + MAX_STEPS + " steps");
    }
  }

  /** Accounts for text that is about to be made, so that a huge one is never allocated. */
  void text(long length) {
    append(0, length);
  }

  /** Accounts for {@code more} characters after the {@code existing} ones of a growing text. */
  void append(long existing, long more) {
    if (existing + more > MAX_STRING) {
      throw new TemplateError(
          "a text of %d characters exceeds the limit of %d".formatted(existing + more, MAX_STRING));
    }
    allocate(TEXT_OVERHEAD + more);
  }

  /** Accounts for a list or dict that is about to be made. */
  void elements(long count) {
    allocate(ELEMENT_SIZE * count);
  }

  private void allocate(long units) {
    steps(1 + units / 64);
    allocated += units;
    if (allocated > maxAllocated) {
      throw new TemplateError("allocated more than " + maxAllocated + " characters in total");
    }
  }

  void enter() {
    steps(1);
    if (++nesting > MAX_NESTING) {
      throw new TemplateError("nests more than " + MAX_NESTING + " levels deep");
    }
  }

  void leave() {
    nesting--;
  }

  void enterCall() {
    if (++calls > MAX_CALLS) {
      throw new TemplateError("calls nest more than " + MAX_CALLS + " levels deep");
    }
  }

  void leaveCall() {
    calls--;
  }
}
