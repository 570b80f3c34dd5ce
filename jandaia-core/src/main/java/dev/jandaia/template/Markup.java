package dev.jandaia.template;

/** HTML escaping as markupsafe does it: text that meets markup is escaped. */
final class Markup {
  private Markup() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  /** The text of {@code value}, escaped unless it is markup already. */
  static String escaped(Value value) {
    return value instanceof Str str && str.markup() ? str.text() : escape(Repr.str(value));
  }

  /** The text of {@code part} as it enters a string that is markup or is not. */
  static String partOf(boolean markup, Str part) {
    return markup ? escaped(part) : part.text();
  }

  static Str concatenate(Context context, Str a, Str b) {
    boolean markup = a.markup() || b.markup();
    String text = partOf(markup, a).concat(partOf(markup, b));
    return markup ? context.markup(text) : context.str(text);
  }
}
