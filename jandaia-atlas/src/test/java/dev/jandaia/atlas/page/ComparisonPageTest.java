package dev.jandaia.atlas.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.Machine;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ComparisonPageTest {
  private static final Machine MACHINE = new Machine(40e9, 500e9, "as given");

  @TempDir Path scratch;

  @Test
  void pageNeedsNothingElse() {
    String page = page("deepseek-v3", "gemma-3-27b");

    assertFalse(page.matches("(?s).*(src|href)=.*"), "a reference to another file");
    assertFalse(page.contains("http"), "an address");
    assertFalse(page.contains("@import") || page.contains("url("), "a reference in the style");
  }

  @Test
  void everyModelIsDrawnWithItsNumbers() {
    String page = page("deepseek-v3", "gemma-3-27b", "qwen3-next-80b-a3b");

    assertEquals(3, count("<svg class=\"diagram\"", page));
    assertEquals(4, count("<svg class=\"chart\"", page));
    for (String words :
        List.of(
            "MLA 128 heads ×128+64, latent 512",
            "MoE 8 of 256 × SwiGLU 2,048",
            "sliding 1,024",
            "Gated DeltaNet 32/16 heads, state")) {
      assertTrue(page.contains(words), words);
    }
    // a cell for each layer
    assertEquals(61 + 62 + 48 + 2 * 3, count("<rect class=\"kind ", page));
  }

  @Test
  void namesCannotBecomeMarkup() {
    String evil = "</title><script>alert('x')</script>\"&";
    Subject subject = Subject.of(evil, Subject.published("qwen3-0.6b").spec());

    String page = ComparisonPage.of(Sheet.of(List.of(subject), Optional.of(MACHINE)));

    assertFalse(page.contains("alert('x')"));
    assertTrue(page.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)"));
    assertEquals(1, count("<script>", page));
  }

  /** A page inside a frame of a given width, which writes down what it sees. */
  @Test
  void readsWellInABrowser() throws IOException, InterruptedException {
    Optional<Chromium> browser = Chromium.find();
    if (browser.isEmpty()) {
      return;
    }
    String page = page("deepseek-v3", "gemma-3-27b", "qwen3-next-80b-a3b");
    for (int width : new int[] {390, 1280}) {
      JsonNode seen = look(browser.get(), page, width);

      assertEquals(0, seen.get("errors").size(), seen.toString());
      assertEquals(3, seen.get("diagrams").intValue());
      assertEquals(4, seen.get("charts").intValue());
      assertTrue(seen.get("smallestPicture").doubleValue() > 200, seen.toString());
      assertEquals(width, seen.get("width").intValue());
      assertEquals(0, seen.get("overflow").intValue(), "wider than the window");
      assertEquals(0, seen.get("overflowOpened").intValue(), "wider when formulas are shown");
      assertTrue(seen.get("opened").intValue() > 100, seen.toString());
      assertEquals(List.of(), overlaps(seen));
    }
  }

  private static List<String> overlaps(JsonNode seen) {
    return seen.get("cut").valueStream().map(JsonNode::stringValue).toList();
  }

  private JsonNode look(Chromium browser, String page, int width)
      throws IOException, InterruptedException {
    String watching =
        page.replace(
            "<head>",
            "<head><script>window.seen=[];"
                + "addEventListener('error', e => window.seen.push(e.message));</script>");
    String frame =
        """
        <!DOCTYPE html><body><iframe width="%d" height="900" style="border:0" srcdoc="%s"></iframe>
        <pre id="seen"></pre>
        <script>
        const frame = document.querySelector("iframe");
        const overflow = page => page.documentElement.scrollWidth - page.documentElement.clientWidth;
        frame.addEventListener("load", () => {
          const page = frame.contentDocument;
          const pictures = [...page.querySelectorAll("svg")];
          const seen = {
            width: page.documentElement.clientWidth,
            overflow: overflow(page),
            diagrams: page.querySelectorAll("svg.diagram").length,
            charts: page.querySelectorAll("svg.chart").length,
            smallestPicture: Math.min(...pictures.map(p => p.getBoundingClientRect().width)),
            // words that reach out of their picture
            cut: pictures.flatMap(p => [...p.querySelectorAll("text")].filter(t => {
              const right = p.viewBox.baseVal.width;
              const box = t.getBBox();
              return box.x < -0.5 || box.x + box.width > right + 0.5;
            }).map(t => t.textContent)),
          };
          page.getElementById("formulas").click();
          seen.opened = page.querySelectorAll("details[open]").length;
          seen.overflowOpened = overflow(page);
          seen.errors = frame.contentWindow.seen;
          document.getElementById("seen").textContent = JSON.stringify(seen);
        });
        </script>
        """
            .formatted(width, Markup.escaped(watching));
    Path file = Files.writeString(scratch.resolve("frame.html"), frame);
    String dom = browser.dom(file, scratch);
    var found = Pattern.compile("<pre id=\"seen\">(.+?)</pre>").matcher(dom);
    assertTrue(found.find(), "the page never loaded");
    return JsonMapper.shared().readTree(found.group(1).replace("&amp;", "&"));
  }

  private static String page(String... names) {
    List<Subject> subjects = Stream.of(names).map(Subject::published).toList();
    return ComparisonPage.of(Sheet.of(subjects, Optional.of(MACHINE)));
  }

  private static int count(String part, String text) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
