package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.regex.Pattern;

/** Checks of names that come from a server, before any of them becomes a path. */
final class SafeNames {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final int LONGEST_SHOWN = 80;

  private SafeNames() {}

  /** A relative path of plain segments, with forward slashes. */
  static String path(String where, String name) {
    if (name.isEmpty()
        || name.contains("\\")
        || DRIVE.matcher(name).matches()
        || name.chars().anyMatch(Character::isISOControl)) {
      throw refused(where, name);
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw refused(where, name);
      }
    }
    return name;
  }

  static String commit(String where, String commit) {
    if (!isCommit(commit)) {
      throw new JandaiaException(
          "%s: expected a commit of 40 hex digits, found \"%s\"".formatted(where, shown(commit)));
    }
    return commit;
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** The etag without quotes and weakness mark; it names the blob. */
  static String etag(String where, String header) {
    String etag = header.strip().replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
    if (!ETAG.matcher(etag).matches()) {
      throw new JandaiaException(
          "%s: the server sent an unusable ETag \"%s\"".formatted(where, shown(header)));
    }
    return etag;
  }

  private static JandaiaException refused(String where, String name) {
    return new JandaiaException(
        "%s: refused the file name \"%s\", which could leave the cache"
            .formatted(where, shown(name)));
  }

  /** Text from a server, made fit for one line of a terminal. */
  static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "...";
  }
}
