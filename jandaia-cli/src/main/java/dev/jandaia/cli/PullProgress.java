package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.hub.ProgressListener;
import dev.jandaia.hub.RepoFile;
import dev.jandaia.hub.RepoId;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Shows a pull: a bar that moves on a terminal, plain lines elsewhere. */
final class PullProgress implements ProgressListener {
  private static final int BAR = 20;

  /** So that the line fits in 80 columns, more or less. */
  private static final int LONGEST_NAME = 32;

  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintWriter err;
  private final boolean live;
  private long started;
  private long doneBefore;
  private long drawn;
  private int drawnLength;

  /**
   * @param live whether the current line may be drawn over
   */
  PullProgress(PrintWriter err, boolean live) {
    this.err = err;
    this.live = live;
  }

  @Override
  public void planned(RepoId repo, String commit, List<RepoFile> files, long missingBytes) {
    // zero where all is there, or where the Hub does not tell sizes
    String bytes = missingBytes == 0 ? "" : ", " + Amounts.bytes(missingBytes) + " to fetch";
    line("%s at %s: %d files%s".formatted(repo, commit.substring(0, 8), files.size(), bytes));
  }

  @Override
  public void cached(RepoFile file) {
    line(file.path() + ": in the cache");
  }

  @Override
  public void waiting(RepoFile file) {
    line(file.path() + ": waiting for another process that fetches it");
  }

  @Override
  public void started(RepoFile file, long done, long total) {
    started = System.nanoTime();
    doneBefore = done;
    drawn = started - REDRAW_NANOS;
    if (!live && done > 0) {
      line("%s: resuming at %s".formatted(file.path(), Amounts.bytes(done)));
    }
    advanced(file, done, total);
  }

  @Override
  public void advanced(RepoFile file, long done, long total) {
    long now = System.nanoTime();
    if (live && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw(bar(file.path(), done, total, now - started));
    }
  }

  private String bar(String name, long done, long total, long nanos) {
    double part = total == 0 ? 1 : Math.min(1, (double) done / total);
    int filled = (int) (part * BAR);
    double rate = nanos == 0 ? 0 : Math.max(0, done - doneBefore) * 1e9 / nanos;
    String left = rate == 0 ? "" : ", " + clock((long) ((total - done) / rate)) + " left";
    return String.format(
        Locale.ROOT,
        "%s  %3.0f%% [%s%s] %s of %s, %s/s%s",
        name.length() <= LONGEST_NAME
            ? name
            : "..." + name.substring(name.length() - LONGEST_NAME + 3),
        Math.floor(100 * part),
        "#".repeat(filled),
        ".".repeat(BAR - filled),
        Amounts.bytes(done),
        Amounts.bytes(total),
        Amounts.bytes(rate),
        left);
  }

  private static String clock(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  @Override
  public void verifying(RepoFile file) {
    if (live) {
      draw(file.path() + ": verifying");
    }
  }

  @Override
  public void finished(RepoFile file, boolean checked) {
    line(file.path() + (checked ? ": done, checksum right" : ": done (no checksum was offered)"));
  }

  @Override
  public void retrying(String what, String reason, Duration wait) {
    line(
        "%s: %s; again in %s s"
            .formatted(what, reason, String.format(Locale.ROOT, "%.1f", wait.toMillis() / 1e3)));
  }

  private void line(String text) {
    if (drawnLength > 0) {
      draw("");
      err.print('\r');
      drawnLength = 0;
    }
    err.println(text);
    err.flush();
  }

  /** Over what was drawn before; spaces cover the rest of a longer line. */
  private void draw(String text) {
    int uncovered = Math.max(0, drawnLength - text.length());
    err.print("\r" + text + " ".repeat(uncovered));
    err.flush();
    drawnLength = text.length();
  }
}
