package dev.jandaia.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The addresses of the Hub protocol. */
record HubUrls(URI endpoint) {
  /** The listing, with sizes and digests. */
  URI listing(RepoId repo, String revision) {
    return URI.create(
        "%s/api/models/%s/revision/%s?blobs=true".formatted(endpoint, repo, encoded(revision)));
  }

  /** The bytes of a file, usually by way of a redirect. */
  URI file(RepoId repo, String revision, String path) {
    String segments =
        Arrays.stream(path.split("/")).map(HubUrls::encoded).collect(Collectors.joining("/"));
    return URI.create("%s/%s/resolve/%s/%s".formatted(endpoint, repo, encoded(revision), segments));
  }

  /** Whether the address belongs to the Hub itself, so that the token may be sent there. */
  boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && port(endpoint) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
