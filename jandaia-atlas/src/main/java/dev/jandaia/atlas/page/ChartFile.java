package dev.jandaia.atlas.page;

import java.util.List;
import java.util.Locale;

/** Plots side by side in one SVG file that brings its own colours. */
public final class ChartFile {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 400;

  private static final String STYLE =
      """
      text { font: 12px sans-serif; fill: #1c2126; }
      text.title { font-weight: bold; font-size: 14px; }
      text.tick { fill: #5b6670; font-size: 11.5px; }
      text.middle { text-anchor: middle; } text.end { text-anchor: end; }
      .grid { stroke: #d9dee3; } .curve { fill: none; stroke-width: 2.2; } .marker { stroke: #fff; }
      .curve.s0 { stroke: #0072b2; } .curve.s1 { stroke: #d55e00; stroke-dasharray: 7 3; }
      .curve.s2 { stroke: #009e73; stroke-dasharray: 2 3; }
      .curve.s3 { stroke: #b5478a; stroke-dasharray: 9 3 2 3; }
      .marker.s0 { fill: #0072b2; } .marker.s1 { fill: #d55e00; }
      .marker.s2 { fill: #009e73; } .marker.s3 { fill: #b5478a; }
      """;

  private ChartFile() {}

  /** A plot of at most four curves over the context. */
  public static String chart(String title, String label, List<Curve> curves) {
    return new LineChart(title, "context, tokens", label, 10, ChartFile::plain, curves).svg();
  }

  private static String plain(double value) {
    return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf((float) value);
  }

  /** The file with the given {@link #chart}s from left to right. */
  public static String of(String... charts) {
    StringBuilder out = new StringBuilder();
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\">%n"
            .formatted(WIDTH * charts.length, HEIGHT, WIDTH * charts.length));
    out.append("<style>").append(STYLE).append("</style>\n");
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    for (int i = 0; i < charts.length; i++) {
      String placed = "<svg x=\"%d\" width=\"%d\"".formatted(i * WIDTH, WIDTH);
      out.append(charts[i].replaceFirst("<svg", placed));
    }
    return out.append("</svg>\n").toString();
  }
}
