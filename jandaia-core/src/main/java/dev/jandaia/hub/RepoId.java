package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model repository: {@code ORG/NAME}, or {@code NAME} alone for the oldest ones.
 *
 * @param name the full name as users write it
 */
public record RepoId(String name) {
  private static final Pattern VALID =
      Pattern.compile("(?:[A-Za-z0-9][\\w.-]{0,95}/)?[A-Za-z0-9_][\\w.-]{0,95}");
  private static final String FOLDER_PREFIX = "models--";

  public RepoId {
    if (!isValid(name)) {
      throw new JandaiaException("model \"%s\": expected a name like ORG/NAME".formatted(name));
    }
  }

  /** Whether the text could name a repository; it need not exist. */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches() && !text.contains("--") && !text.contains("..");
  }

  /** The cache folder: {@code models--ORG--NAME}. */
  String folder() {
    return FOLDER_PREFIX + name.replace("/", "--");
  }

  static Optional<RepoId> fromFolder(String folder) {
    if (!folder.startsWith(FOLDER_PREFIX)) {
      return Optional.empty();
    }
    String name = folder.substring(FOLDER_PREFIX.length()).replaceFirst("--", "/");
    return isValid(name) ? Optional.of(new RepoId(name)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
