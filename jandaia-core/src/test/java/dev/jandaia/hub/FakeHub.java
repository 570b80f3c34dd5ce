package dev.jandaia.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Hub and its file store on loopback that serve one repository, and misbehave when told to. */
final class FakeHub implements AutoCloseable {
  static final String REPO = "org/model";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /**
   * Answers one request for the bytes of a file, from {@code start} on if a range was asked for.
   */
  interface Behaviour {
    void serve(HttpExchange exchange, byte[] content, int start) throws IOException;
  }

  record Seen(String method, boolean store, String path, String authorization, String range) {}

  /** Small files are served by the Hub, large ones by way of a redirect to the store. */
  final Map<String, byte[]> small = new LinkedHashMap<>();

  final Map<String, byte[]> large = new LinkedHashMap<>();

  /** What happens to the next requests for bytes; when empty, {@link #always} does. */
  final Deque<Behaviour> next = new ConcurrentLinkedDeque<>();

  volatile Behaviour always = FakeHub::good;

  /** Statuses for the next requests to the Hub of any kind, with an error code if not empty. */
  final Deque<Refusal> refusals = new ConcurrentLinkedDeque<>();

  record Refusal(int status, String code, String retryAfter) {}

  final Deque<Seen> seen = new ConcurrentLinkedDeque<>();
  volatile String listing;
  volatile String etagOverride;
  volatile String redirectOverride;

  private final HttpServer hub;
  private final HttpServer store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  FakeHub() throws IOException {
    hub = start(this::handleHub);
    store = start(this::handleStore);
  }

  private HttpServer start(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", handler);
    server.setExecutor(threads);
    server.start();
    return server;
  }

  URI endpoint() {
    return address(hub);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handleHub(HttpExchange exchange) throws IOException {
    record(exchange, false);
    String path = exchange.getRequestURI().getPath();
    Refusal refusal = refusals.poll();
    if (refusal != null) {
      refuse(exchange, refusal);
    } else if (path.equals("/api/models/" + REPO + "/revision/main")) {
      send(exchange, 200, (listing == null ? listing() : listing).getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/" + REPO + "/resolve/" + COMMIT + "/")) {
      resolve(exchange, path.substring(("/" + REPO + "/resolve/" + COMMIT + "/").length()));
    } else {
      refuse(exchange, new Refusal(404, "RepoNotFound", ""));
    }
  }

  private void resolve(HttpExchange exchange, String file) throws IOException {
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    byte[] content = large.get(file);
    if (content != null) {
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      exchange.getResponseHeaders().set("X-Linked-Etag", quoted(sha256(content)));
      String store = address(this.store) + "/" + file + "?signature=x";
      exchange
          .getResponseHeaders()
          .set("Location", redirectOverride == null ? store : redirectOverride);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
      return;
    }
    content = small.get(file);
    if (content == null) {
      refuse(exchange, new Refusal(404, "EntryNotFound", ""));
      return;
    }
    exchange.getResponseHeaders().set("ETag", quoted(gitSha1(content)));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    } else {
      serve(exchange, content);
    }
  }

  private void handleStore(HttpExchange exchange) throws IOException {
    record(exchange, true);
    exchange.getResponseHeaders().set("ETag", "\"the-store-has-its-own\"");
    serve(exchange, large.get(exchange.getRequestURI().getPath().substring(1)));
  }

  private void serve(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    Behaviour behaviour = next.poll();
    try {
      (behaviour == null ? always : behaviour).serve(exchange, content, start);
    } catch (IOException e) {
      // The client hung up, or the behaviour wrote less than it announced.
    } finally {
      exchange.close();
    }
  }

  static void good(HttpExchange exchange, byte[] content, int start) throws IOException {
    begin(exchange, content, start, content.length - start)
        .write(content, start, content.length - start);
  }

  /** Sends the right headers, then hangs up after some of the bytes. */
  static Behaviour dropAfter(int bytes) {
    return (exchange, content, start) ->
        begin(exchange, content, start, content.length - start)
            .write(content, start, Math.min(bytes, content.length - start));
  }

  static OutputStream begin(HttpExchange exchange, byte[] content, int start, long length)
      throws IOException {
    if (start > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, length == 0 ? -1 : length);
    return exchange.getResponseBody();
  }

  private void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    if (!refusal.code().isEmpty()) {
      exchange.getResponseHeaders().set("X-Error-Code", refusal.code());
    }
    if (!refusal.retryAfter().isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", refusal.retryAfter());
    }
    exchange.sendResponseHeaders(refusal.status(), -1);
    exchange.close();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void record(HttpExchange exchange, boolean atStore) {
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            atStore,
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Range")));
  }

  List<String> ranges() {
    return seen.stream()
        .filter(s -> s.method().equals("GET") && !s.path().startsWith("/api"))
        .filter(s -> s.store() || small.keySet().stream().anyMatch(s.path()::endsWith))
        .map(s -> s.range() == null ? "all" : s.range())
        .toList();
  }

  private String listing() {
    String siblings =
        Stream.concat(
                small.entrySet().stream()
                    .map(e ->
                        """
                        {"rfilename":"%s","size":%d,"blobId":"%s"}\
                        """
                            .formatted(e.getKey(), e.getValue().length, gitSha1(e.getValue()))),
                large.entrySet().stream()
                    .map(e ->
                        """
                        {"rfilename":"%s","size":%d,"blobId":"%s",
                         "lfs":{"sha256":"%s","size":%d,"pointerSize":130}}\
                        """
                            .formatted(
                                e.getKey(),
                                e.getValue().length,
                                "f".repeat(40),
                                sha256(e.getValue()),
                                e.getValue().length)))
            .collect(Collectors.joining(","));
    return listingOf(siblings);
  }

  static String listingOf(String siblings) {
    return "{\"id\":\"%s\",\"sha\":\"%s\",\"siblings\":[%s]}".formatted(REPO, COMMIT, siblings);
  }

  private String quoted(String etag) {
    return etagOverride == null ? '"' + etag + '"' : etagOverride;
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  static String gitSha1(byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, all, header.length, content.length);
    return hash("SHA-1", all);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }
}
