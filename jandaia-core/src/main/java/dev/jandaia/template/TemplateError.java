package dev.jandaia.template;

/** A failure inside a template; it learns its line on the way out, from the innermost node. */
final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;
  private int line;

  private TemplateError(String message, int line, boolean refusal) {
    super(message, null, false, false);
    this.line = line;
    this.refusal = refusal;
  }

  TemplateError(String message) {
    this(message, 0, false);
  }

  TemplateError(String message, int line) {
    this(message, line, false);
  }

  /** The template itself called {@code raise_exception(message)}. */
  static TemplateError refusal(String message) {
    return new TemplateError(message, 0, true);
  }

  TemplateError at(int nodeLine) {
    if (line == 0) {
      line = nodeLine;
    }
    return this;
  }

  String describe(String templateName) {
    return "template %s, line %d: %s%s"
        .formatted(
            templateName,
            Math.max(line, 1),
            refusal ? "the template refuses: " : "",
            String.valueOf(getMessage()).replaceAll("\\R", " "));
  }
}
