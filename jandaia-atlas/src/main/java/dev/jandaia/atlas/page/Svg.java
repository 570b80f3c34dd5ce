package dev.jandaia.atlas.page;

import java.util.Locale;

/**
 * Writes the few SVG shapes that diagrams and plots are made of; colours come from the page's CSS.
 */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  Svg rect(String style, double x, double y, double width, double height, double radius) {
    return add(
        "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>",
        style, number(x), number(y), number(width), number(height), number(radius));
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    return add(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>",
        style, number(x1), number(y1), number(x2), number(y2));
  }

  Svg path(String style, String path) {
    return add("<path class=\"%s\" d=\"%s\"/>", style, path);
  }

  Svg circle(String style, double x, double y, double radius) {
    return add(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>",
        style, number(x), number(y), number(radius));
  }

  /** A text whose baseline starts, or where {@code style} says so is centred or ends, at (x, y). */
  Svg text(String style, double x, double y, String text) {
    return add(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
        style, number(x), number(y), Markup.escaped(text));
  }

  /** A group that shows {@code title} where the pointer rests. */
  Svg titled(String title, Svg content) {
    return add("<g><title>%s</title>%s</g>", Markup.escaped(title), content.out);
  }

  /** The shapes of another. */
  Svg group(Svg content) {
    out.append(content.out);
    return this;
  }

  private Svg add(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
    return this;
  }

  /** A whole picture; {@code label} is what it is called for those who cannot see it. */
  String picture(String style, double width, double height, String label) {
    return "<svg class=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">\n%s</svg>\n"
        .formatted(style, number(width), number(height), Markup.escaped(label), out);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }
}
