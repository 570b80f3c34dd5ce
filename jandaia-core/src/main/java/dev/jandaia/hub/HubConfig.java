package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and where they are kept.
 *
 * @param endpoint the Hub, such as {@code https://huggingface.co}
 * @param token the access token, sent to the endpoint alone; never printed
 * @param cache the cache folder
 * @param offline whether to stay off the network
 */
public record HubConfig(URI endpoint, Optional<String> token, Path cache, boolean offline) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  public HubConfig {
    if (!Set.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
        || endpoint.getHost() == null) {
      throw new JandaiaException(
          "HF_ENDPOINT: expected a URL like %s, found \"%s\""
              .formatted(DEFAULT_ENDPOINT, endpoint));
    }
    if (token.isPresent() && !token.get().matches("[\\x21-\\x7e]+")) {
      throw new JandaiaException(
          "HF_TOKEN: expected printable ASCII without spaces (check for a stray line break)");
    }
  }

  /**
   * The configuration of this process, from the variables that the huggingface tools read:
   * HF_ENDPOINT, HF_TOKEN (or HUGGING_FACE_HUB_TOKEN, or the file at HF_TOKEN_PATH, by default
   * HF_HOME/token), HF_HUB_CACHE (by default HF_HOME/hub), HF_HOME, XDG_CACHE_HOME and
   * HF_HUB_OFFLINE.
   */
  public static HubConfig fromEnvironment() {
    return fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static HubConfig fromEnvironment(Map<String, String> environment, Path userHome) {
    Variables variables = new Variables(environment, userHome);
    Path caches = variables.path("XDG_CACHE_HOME").orElse(userHome.resolve(".cache"));
    Path home = variables.path("HF_HOME").orElse(caches.resolve("huggingface"));
    Path cache =
        variables
            .path("HF_HUB_CACHE")
            .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
            .orElse(home.resolve("hub"));
    Path tokenFile = variables.path("HF_TOKEN_PATH").orElse(home.resolve("token"));
    Optional<String> token =
        variables
            .text("HF_TOKEN")
            .or(() -> variables.text("HUGGING_FACE_HUB_TOKEN"))
            .or(() -> firstLine(tokenFile));
    String offline = variables.text("HF_HUB_OFFLINE").orElse("").toUpperCase(Locale.ROOT);
    return new HubConfig(endpoint(variables), token, cache, TRUE.contains(offline));
  }

  private static URI endpoint(Variables variables) {
    String text = variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceAll("/+$", "");
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new JandaiaException(
          "HF_ENDPOINT: expected a URL like %s, found \"%s\"".formatted(DEFAULT_ENDPOINT, text), e);
    }
  }

  private static Optional<String> firstLine(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      throw new JandaiaException("token file %s: cannot be read: %s".formatted(file, e), e);
    }
  }

  /** Keeps the token out of logs. */
  @Override
  public String toString() {
    return "HubConfig[endpoint=%s, token=%s, cache=%s, offline=%s]"
        .formatted(endpoint, token.isPresent() ? "set" : "none", cache, offline);
  }

  private record Variables(Map<String, String> environment, Path userHome) {
    Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(text -> !text.isEmpty());
    }

    Optional<Path> path(String name) {
      return text(name)
          .map(text ->
              text.equals("~") || text.startsWith("~/")
                  ? userHome.resolve(text.substring(Math.min(2, text.length())))
                  : Path.of(text));
    }
  }
}
