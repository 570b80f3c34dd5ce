package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to the Hub. Redirects are followed here and not by the JDK's client, because the token
 * must not travel to another host and because the headers that matter are on the redirect itself.
 */
final class HubHttp implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;

  private final HubConfig config;
  private final HubUrls urls;
  private final RetryPolicy policy;
  private final HttpClient client;

  HubHttp(HubConfig config, RetryPolicy policy) {
    this.config = config;
    this.urls = new HubUrls(config.endpoint());
    this.policy = policy;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(policy.silence())
            .build();
  }

  HubUrls urls() {
    return urls;
  }

  /**
   * Asks for what the Hub itself says about an address; a redirect to another host is the answer.
   */
  Answer head(URI uri) throws IOException, InterruptedException {
    return follow("HEAD", uri, 0, false);
  }

  /** Asks for the bytes from {@code start} on, wherever they are. */
  Answer get(URI uri, long start) throws IOException, InterruptedException {
    return follow("GET", uri, start, true);
  }

  private Answer follow(String method, URI first, long start, boolean leaveHub)
      throws IOException, InterruptedException {
    Optional<HttpResponse<InputStream>> hub = Optional.empty();
    URI uri = first;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send(method, uri, start);
      hub = urls.isHub(uri) ? Optional.of(response) : hub;
      Answer answer = new Answer(response, hub.orElse(response), urls.isHub(uri));
      if (!REDIRECTS.contains(response.statusCode())) {
        return answer;
      }
      URI next = target(uri, response);
      if (!leaveHub && !urls.isHub(next)) {
        return answer;
      }
      answer.close();
      uri = next;
    }
    throw new TransferException("%s: more than %d redirects".formatted(first, MOST_REDIRECTS));
  }

  private static URI target(URI from, HttpResponse<InputStream> redirect) throws TransferException {
    String location = redirect.headers().firstValue("Location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new TransferException(from.getHost() + ": unusable redirect", e);
    }
    boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
    boolean downgrade = "https".equals(from.getScheme()) && "http".equals(to.getScheme());
    if (location.isEmpty() || !web || downgrade || to.getHost() == null) {
      throw new JandaiaException(
          "%s: refused a redirect to \"%s\"".formatted(from.getHost(), SafeNames.shown(location)));
    }
    return to;
  }

  private HttpResponse<InputStream> send(String method, URI uri, long start)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(policy.silence())
            .header("User-Agent", "jandaia")
            .header("Accept-Encoding", "identity");
    if (start > 0) {
      request.header("Range", "bytes=%d-".formatted(start));
    }
    if (urls.isHub(uri)) {
      config.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new TransferException(
          "cannot reach %s (see HF_ENDPOINT and HF_HUB_OFFLINE)".formatted(uri.getAuthority()), e);
    } catch (IOException e) {
      throw new TransferException(uri.getAuthority() + ": " + reason(e), e);
    }
  }

  /** An exception's message, or its kind where it has none. */
  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
