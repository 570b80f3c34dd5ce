package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jandaia.hub.HubConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code pull}, {@code list} and models by name, against a Hub with one model; the core tests more.
 */
class PullCommandTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path temporary;
  private HttpServer server;
  private HubConfig hub;

  @BeforeEach
  void start() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    server.createContext("/", this::answer);
    server.start();
    URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
    hub = new HubConfig(endpoint, Optional.empty(), temporary.resolve("hub"), false);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String file = path.substring(path.lastIndexOf('/') + 1);
    boolean listing = path.startsWith("/api/");
    byte[] body =
        listing
            ? """
            {"sha": "%s", "siblings": [{"rfilename": "config.json"},
             {"rfilename": "model.safetensors"}]}\
            """
                .formatted(COMMIT)
                .getBytes(StandardCharsets.UTF_8)
            : Files.readAllBytes(Goldens.model("llama32").resolve(file));
    exchange.getResponseHeaders().set("ETag", "\"" + gitHash(body) + "\"");
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
    }
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** What the Hub sends of small files: the id that git gives them. */
  private static String gitHash(byte[] body) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + body.length + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha1.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pulledModelIsListedAndRunsByName() {
    Cli pulled = run("pull", "org/tiny");

    assertEquals(0, pulled.exitCode(), pulled.err());
    Path snapshot = Path.of(pulled.out().strip());
    assertTrue(Files.exists(snapshot.resolve("model.safetensors")), pulled.out());
    assertTrue(pulled.err().contains("model.safetensors: done, checksum right"), pulled.err());
    assertTrue(pulled.err().lines().noneMatch(line -> line.contains("\r")), "plain lines");
    String list = run("list").out();
    assertTrue(list.contains("org/tiny"), list);
    assertTrue(list.contains("main"), list);
    String[] generate = {"generate", "org/tiny", "--ids", "1,2", "-n", "3", "--greedy"};
    String[] direct = generate.clone();
    direct[1] = Goldens.model("llama32").toString();
    assertEquals(run(direct), run(generate));
    assertTrue(run("pull", "org/tiny").err().contains("config.json: in the cache"));
  }

  @Test
  void emptyCacheIsSaidAloud() {
    Cli cli = run("list");

    assertEquals(0, cli.exitCode());
    assertEquals("", cli.out());
    assertTrue(cli.err().startsWith("no models in "), cli.err());
  }

  @Test
  void wrongNameAndPatternAreRefused() {
    assertTrue(run("pull", "a b").err().contains("expected a name like ORG/NAME"));
    Cli cli = run("pull", "org/tiny", "--file", "*.gguf");
    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("no file matches \"*.gguf\""), cli.err());
  }

  private Cli run(String... args) {
    return Cli.run(Cli.surroundings("", hub), args);
  }
}
