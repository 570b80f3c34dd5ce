package dev.jandaia.cli;

import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.page.ComparisonPage;
import dev.jandaia.atlas.report.JsonReport;
import dev.jandaia.atlas.report.MarkdownReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a comparison goes besides the terminal: pairs of a format and a file.
 *
 * @param pages what to write, and where
 */
record CompareOutput(List<Page> pages) {
  private static final String STANDARD_OUTPUT = "-";

  /** One file to write. */
  record Page(Function<Sheet, String> writer, String file) {}

  /** Reads the values of all {@code -o}. */
  static CompareOutput of(List<String> values) {
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i + 1 < values.size(); i += 2) {
      pages.add(new Page(writer(values.get(i)), values.get(i + 1)));
    }
    CompareOutput output = new CompareOutput(List.copyOf(pages));
    output.requireWritable();
    return output;
  }

  private static Function<Sheet, String> writer(String format) {
    return switch (format) {
      case "md" -> MarkdownReport::of;
      case "json" -> JsonReport::of;
      case "html" -> ComparisonPage::of;
      default -> throw new UsageException("-o: expected md, json or html, found " + format);
    };
  }

  private void requireWritable() {
    for (Page page : pages) {
      if (!page.file.equals(STANDARD_OUTPUT)) {
        OutputFile.requireWritable(Path.of(page.file));
      }
    }
  }

  /** Writes all pages; whether there was one. */
  boolean write(Sheet sheet, PrintWriter out) {
    for (Page page : pages) {
      String text = page.writer.apply(sheet);
      if (page.file.equals(STANDARD_OUTPUT)) {
        out.print(text);
      } else {
        replace(Path.of(page.file), text);
        out.println("wrote " + page.file);
      }
    }
    return !pages.isEmpty();
  }

  private static void replace(Path file, String text) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.writeString(unfinished, text);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
