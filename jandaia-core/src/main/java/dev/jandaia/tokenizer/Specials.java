package dev.jandaia.tokenizer;

/**
 * What special (control) tokens mean to one call of {@link Tokenizer#encode} or {@link
 * Tokenizer#decode}. Text that comes from a user is encoded as {@link #LITERAL} or {@link #PROMPT}:
 * then no spelling in it can become a control token. {@link #MARKUP} is for text whose author is
 * trusted, such as a rendered chat template.
 */
public enum Specials {
  /**
   * The spelling of a control token is ordinary text; nothing is added. Decoding leaves control
   * tokens out.
   */
  LITERAL(false, false),

  /** As {@link #LITERAL}, between the tokens (BOS, EOS) that the tokenizer adds by default. */
  PROMPT(false, true),

  /**
   * The spelling of a control token becomes that token; nothing is added. Decoding writes control
   * tokens out.
   */
  MARKUP(true, false),

  /** As {@link #MARKUP}, between the tokens (BOS, EOS) that the tokenizer adds by default. */
  MARKUP_PROMPT(true, true);

  private final boolean parsed;
  private final boolean framed;

  Specials(boolean parsed, boolean framed) {
    this.parsed = parsed;
    this.framed = framed;
  }

  /** Whether spellings of control tokens are recognised (encoding) and written (decoding). */
  boolean parsed() {
    return parsed;
  }

  /** Whether the default leading and trailing tokens are added. */
  boolean framed() {
    return framed;
  }
}
