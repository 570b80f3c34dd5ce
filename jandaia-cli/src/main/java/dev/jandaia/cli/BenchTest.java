package dev.jandaia.cli;

/**
 * What is measured once: reading a prompt, generating, or one after the other.
 *
 * @param depth tokens that each sequence holds before, read untimed
 * @param prompt tokens read by each sequence; 0 in a generation test
 * @param generated tokens decoded by each sequence; 0 in a prompt test
 * @param sequences decoded together, a row of the batch each
 */
record BenchTest(int depth, int prompt, int generated, int sequences) {

  /** {@code pp512}, {@code tg128 @ d8192}, {@code tg32 ×16}. */
  String label() {
    String read = prompt > 0 ? "pp" + prompt : "";
    String decoded = generated > 0 ? "tg" + generated : "";
    return read
        + (prompt > 0 && generated > 0 ? "+" : "")
        + decoded
        + (depth > 0 ? " @ d" + depth : "")
        + (sequences > 1 ? " ×" + sequences : "");
  }

  /** Tokens that pass in the measured time, all sequences together. */
  long tokens() {
    return (long) sequences * (prompt + generated);
  }

  /** What llama-bench does before it measures: the prompt once, or one token. */
  BenchTest warmUp() {
    return new BenchTest(depth, prompt, Math.min(generated, 1), sequences);
  }

  /** The longest that a sequence gets. */
  int length() {
    return depth + prompt + generated;
  }
}
