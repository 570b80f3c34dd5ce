package dev.jandaia.atlas.page;

import java.util.List;

/**
 * One line of a plot.
 *
 * @param name in the legend
 * @param points left to right; x and y positive
 */
public record Curve(String name, List<Point> points) {
  /** A measured or computed point. */
  public record Point(double x, double y) {}

  public Curve {
    points = points.stream().filter(point -> point.y > 0).toList();
  }
}
