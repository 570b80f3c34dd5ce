package dev.jandaia.atlas.page;

import dev.jandaia.atlas.page.Curve.Point;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/**
 * Curves over two logarithmic axes. Curves differ in colour, dash and marker, so that no two look
 * alike without colour.
 *
 * @param title above the plot
 * @param xLabel what x is
 * @param yLabel what y is, with its unit
 * @param base ticks of y lie at its powers: 2 for bytes, 10 for other things
 * @param format of y values
 * @param curves one for each model
 */
record LineChart(
    String title,
    String xLabel,
    String yLabel,
    int base,
    DoubleFunction<String> format,
    List<Curve> curves) {

  private static final double WIDTH = 400;
  private static final double LEFT = 74;
  private static final double RIGHT = 14;
  private static final double TOP = 54;
  private static final double PLOT_HEIGHT = 200;
  private static final double LEGEND_LINE = 18;
  private static final int STYLES = 6;

  /** The picture. */
  String svg() {
    List<Point> points = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    if (points.isEmpty()) {
      return "";
    }
    LogAxis x = axis(points.stream().map(Point::x), 4);
    LogAxis y = axis(points.stream().map(Point::y), base);
    Svg svg = new Svg();
    double bottom = TOP + PLOT_HEIGHT;
    svg.text("title", 4, 18, title);
    svg.text("axis", 4, 40, yLabel);
    grid(svg, x, y);
    svg.text("axis middle", (LEFT + WIDTH - RIGHT) / 2, bottom + 38, xLabel);
    for (int i = 0; i < curves.size(); i++) {
      curve(svg, i, x, y);
    }
    double legend = bottom + 62;
    for (int i = 0; i < curves.size(); i++) {
      legend(svg, i, legend + i * LEGEND_LINE);
    }
    double height = legend + curves.size() * LEGEND_LINE - 6;
    return svg.picture("chart", WIDTH, height, title + ", " + yLabel);
  }

  private static LogAxis axis(Stream<Double> values, int base) {
    List<Double> sorted = values.sorted().toList();
    return LogAxis.around(sorted.getFirst(), sorted.getLast(), base);
  }

  private void grid(Svg svg, LogAxis x, LogAxis y) {
    double bottom = TOP + PLOT_HEIGHT;
    for (double tick : y.ticks()) {
      double at = yAt(y, tick);
      svg.line("grid", LEFT, at, WIDTH - RIGHT, at);
      svg.text("tick end", LEFT - 7, at + 4, format.apply(tick));
    }
    for (double tick : x.ticks()) {
      double at = xAt(x, tick);
      svg.line("grid", at, TOP, at, bottom);
      svg.text("tick middle", at, bottom + 17, tokens(tick));
    }
  }

  static String tokens(double count) {
    long whole = Math.round(count);
    if (whole < 1024) {
      return Long.toString(whole);
    }
    return whole < 1 << 20 ? (whole >> 10) + "k" : (whole >> 20) + "M";
  }

  private void curve(Svg svg, int index, LogAxis x, LogAxis y) {
    List<Point> points = curves.get(index).points();
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? "M" : "L")
          .append(Svg.number(xAt(x, point.x())))
          .append(' ')
          .append(Svg.number(yAt(y, point.y())));
    }
    svg.path("curve s" + index % STYLES, path.toString());
    for (int i = 0; i < points.size(); i += 2) {
      Point point = points.get(i);
      Svg mark = new Svg();
      marker(mark, index, xAt(x, point.x()), yAt(y, point.y()));
      String value = format.apply(point.y());
      svg.titled(
          "%s, %s tokens: %s".formatted(curves.get(index).name(), tokens(point.x()), value), mark);
    }
  }

  private void legend(Svg svg, int index, double y) {
    svg.line("curve s" + index % STYLES, LEFT - 66, y - 4, LEFT - 26, y - 4);
    marker(svg, index, LEFT - 46, y - 4);
    svg.text("axis", LEFT - 18, y, curves.get(index).name());
  }

  private static void marker(Svg svg, int index, double x, double y) {
    String style = "marker s" + index % STYLES;
    String at = "M%s %s".formatted(Svg.number(x), Svg.number(y));
    switch (index % STYLES) {
      case 0 -> svg.circle(style, x, y, 4);
      case 1 -> svg.rect(style, x - 3.7, y - 3.7, 7.4, 7.4, 0);
      case 2 -> svg.path(style, at + "m0 -5l4.8 8.4h-9.6z");
      case 3 -> svg.path(style, at + "m0 -5.2l5.2 5.2l-5.2 5.2l-5.2 -5.2z");
      case 4 -> svg.path(style, at + "m0 5l4.8 -8.4h-9.6z");
      default -> svg.path(style, at + "m-4.5 -1.5h3v-3h3v3h3v3h-3v3h-3v-3h-3z");
    }
  }

  private static double xAt(LogAxis axis, double value) {
    return LEFT + (WIDTH - RIGHT - LEFT) * axis.at(value);
  }

  private static double yAt(LogAxis axis, double value) {
    return TOP + PLOT_HEIGHT * (1 - axis.at(value));
  }
}
