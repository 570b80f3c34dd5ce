package dev.jandaia.atlas.page;

import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.Layers;
import dev.jandaia.atlas.Layers.Phrase;
import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.atlas.text.LayerPattern;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * One architecture as a picture, read downwards: embedding, a card for each kind of layer with its
 * two halves and the residual stream around them, final norm and head. On the left a strip with one
 * cell per layer shows how the kinds alternate.
 */
final class Diagram {
  private static final double WIDTH = 380;
  private static final double STRIP = 24;
  private static final double CARD_X = 36;
  private static final double CARD_WIDTH = WIDTH - CARD_X - 1;
  private static final double BOX_X = CARD_X + 26;
  private static final double BOX_WIDTH = CARD_WIDTH - 38;
  private static final double SKIP_X = CARD_X + 13;
  private static final double LINE = 17;
  private static final int CHARACTERS = 44;
  private static final int HEAD_CHARACTERS = 36;

  private final ModelSpec spec;
  private final List<Layers.Kind> kinds;
  private final LayerPattern pattern;
  private final Svg svg = new Svg();
  private double y;

  private Diagram(ModelSpec spec, List<Layers.Kind> kinds) {
    this.spec = spec;
    this.kinds = kinds;
    this.pattern = new LayerPattern(spec.blocks());
  }

  /**
   * Draws a model.
   *
   * @param kinds its layers in words
   */
  static String of(String name, ModelSpec spec, List<Layers.Kind> kinds) {
    return new Diagram(spec, kinds).draw(name);
  }

  private String draw(String name) {
    end("Embedding", embedding());
    double top = y;
    kinds.forEach(this::card);
    strip(top, y - 12);
    end("Head", head());
    return svg.picture("diagram", WIDTH, y - 8, "Architecture of " + name);
  }

  private String embedding() {
    String positions =
        spec.embedding().learnedPositions() > 0
            ? " + %s positions".formatted(grouped(spec.embedding().learnedPositions()))
            : "";
    String scale =
        spec.embedding().scale() == 1 ? "" : ", × " + BlockText.number(spec.embedding().scale());
    return "%s words × %s wide%s%s"
        .formatted(grouped(spec.vocabSize()), grouped(spec.hiddenSize()), positions, scale);
  }

  private String head() {
    String cap =
        spec.head().softCap() > 0 ? ", cap " + BlockText.number(spec.head().softCap()) : "";
    return "%s, %s%s"
        .formatted(
            BlockText.norm(spec.finalNorm()),
            spec.head().tied() ? "the embedding again" : "a matrix of its own",
            cap);
  }

  private void end(String title, String text) {
    svg.rect("end", CARD_X, y + 1, CARD_WIDTH, 42, 8);
    svg.text("title", CARD_X + 12, y + 18, title);
    svg.text("detail", CARD_X + 12, y + 34, text);
    y += 55;
  }

  private void card(Layers.Kind kind) {
    double top = y;
    Svg inside = new Svg();
    y += 22;
    y += residual(inside, kind.residual());
    half(inside, style(kind.mixer().getFirst().text()), kind.mixer());
    half(inside, style(kind.feedForward().getFirst().text()), kind.feedForward());
    svg.rect("card", CARD_X, top, CARD_WIDTH, y - top, 10);
    svg.rect("kind k" + kindIndex(kind.letter()), CARD_X + 10, top + 7, 16, 15, 3);
    svg.text("letter", CARD_X + 18, top + 19, kind.letter());
    svg.text("title", CARD_X + 32, top + 19, layers(kind));
    svg.titled("layer " + kind.letter(), inside);
    y += 12;
  }

  private static String layers(Layers.Kind kind) {
    return kind.count() == 1 ? "1 layer" : kind.count() + " layers";
  }

  private double residual(Svg inside, Phrase phrase) {
    int lines = phrase(inside, phrase, BOX_X + 10, y + 14, "detail", CHARACTERS);
    return lines * LINE + 2;
  }

  /** A mixer or feed-forward box, with the residual stream passing it on the left. */
  private void half(Svg inside, String style, List<Phrase> phrases) {
    double top = y + 6;
    Svg words = new Svg();
    double at = top + 18;
    for (int i = 0; i < phrases.size(); i++) {
      boolean first = i == 0;
      int width = first ? HEAD_CHARACTERS : CHARACTERS;
      String text = first ? "title" : "detail";
      at += LINE * phrase(words, phrases.get(i), BOX_X + 10, at, text, width);
    }
    double bottom = at - LINE + 9;
    double sum = bottom + 13;
    stream(inside, top, bottom, sum);
    inside.rect("box " + style, BOX_X, top, BOX_WIDTH, bottom - top, 6);
    inside.group(words);
    y = sum + 8;
  }

  /** Down on the left, into the box, and from its end back to where it is added. */
  private static void stream(Svg to, double top, double bottom, double sum) {
    String left = Svg.number(SKIP_X);
    String middle = Svg.number(BOX_X + BOX_WIDTH / 2);
    to.path("stream", "M%s %sV%s".formatted(left, Svg.number(top - 9), Svg.number(sum - 5)));
    to.path("stream", "M%s %sH%s".formatted(left, Svg.number(top + 13), Svg.number(BOX_X - 5)));
    to.path("arrow", "M%s %sl-6 -3.5v7z".formatted(Svg.number(BOX_X), Svg.number(top + 13)));
    to.path(
        "stream",
        "M%s %sV%sH%s"
            .formatted(middle, Svg.number(bottom), Svg.number(sum), Svg.number(SKIP_X + 6)));
    to.circle("sum", SKIP_X, sum, 5.5);
    to.path("stream", "M%s %sh6m-3 -3v6".formatted(Svg.number(SKIP_X - 3), Svg.number(sum)));
  }

  /** A phrase in as many lines as it takes; what is not common to all models is marked. */
  private static int phrase(
      Svg to, Phrase phrase, double x, double y, String style, int characters) {
    List<String> lines = lines(phrase.text(), characters);
    for (int i = 0; i < lines.size(); i++) {
      double baseline = y + i * LINE;
      if (phrase.differs()) {
        double width = BOX_WIDTH - (x - BOX_X) - 4;
        to.rect("differs", x - 6, baseline - 12.5, width, LINE - 1, 3);
        to.rect("bar", x - 6, baseline - 12.5, 3, LINE - 1, 1);
      }
      to.text(style, x, baseline, lines.get(i));
    }
    return lines.size();
  }

  private static List<String> lines(String text, int characters) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > characters) {
      int space = rest.lastIndexOf(' ', characters);
      int end = space > 0 ? space : characters;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  /** One cell per layer; runs that are tall enough carry their letter. */
  private void strip(double top, double bottom) {
    List<BlockSpec> blocks = spec.blocks();
    double height = (bottom - top) / blocks.size();
    int from = 0;
    while (from < blocks.size()) {
      int to = from;
      while (to < blocks.size() && blocks.get(to).equals(blocks.get(from))) {
        to++;
      }
      run(top + from * height, height, from, to, pattern.letter(blocks.get(from)));
      from = to;
    }
  }

  private void run(double top, double height, int from, int to, String letter) {
    Svg cells = new Svg();
    double gap = height > 3 ? 1 : 0.4;
    for (int i = from; i < to; i++) {
      double cell = top + (i - from) * height;
      cells.rect("kind k" + kindIndex(letter), 1, cell, STRIP - 2, height - gap, 1);
    }
    if ((to - from) * height >= 13) {
      cells.text("letter", STRIP / 2, top + (to - from) * height / 2 + 4, letter);
    }
    String layers = to - from == 1 ? "layer " + (from + 1) : "layers %d–%d".formatted(from + 1, to);
    svg.titled(layers + ": " + letter, cells);
  }

  private int kindIndex(String letter) {
    for (int i = 0; i < kinds.size(); i++) {
      if (kinds.get(i).letter().equals(letter)) {
        return i % 6;
      }
    }
    throw new IllegalStateException("no kind " + letter);
  }

  /** The colour of a mechanism by the word it starts with. */
  private static String style(String headline) {
    return switch (headline.split("[ ,]")[0]) {
      case "MHA", "GQA", "MQA" -> "attention";
      case "MLA", "CSA", "HCA" -> "latent";
      case "MoE" -> "experts";
      case String word when word.endsWith("GLU") || headline.contains("MLP") -> "mlp";
      default -> "state";
    };
  }
}
