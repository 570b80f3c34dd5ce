package dev.jandaia.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.hub.FakeHub.Refusal;
import dev.jandaia.hub.FakeHub.Seen;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from a loopback server that misbehaves in one way per test. */
@Timeout(60)
class HubClientTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final RetryPolicy QUICK =
      new RetryPolicy(4, Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofSeconds(20));

  @TempDir Path temp;
  private FakeHub hub;
  private byte[] weights;

  @BeforeEach
  void startHub() throws IOException {
    hub = new FakeHub();
    weights = new byte[700_001];
    new Random(1).nextBytes(weights);
    hub.small.put("config.json", "{\"model_type\":\"llama\"}".getBytes());
    hub.large.put(WEIGHTS, weights);
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void pullFillsTheHuggingfaceLayout() throws IOException {
    hub.small.put("additional_chat_templates/tool.jinja", "x".getBytes());
    PulledModel model = pull();
    Path folder = temp.resolve("models--org--model");
    assertEquals(folder.resolve("snapshots").resolve(FakeHub.COMMIT), model.snapshot());
    assertEquals(FakeHub.COMMIT, Files.readString(folder.resolve("refs/main")));
    assertArrayEquals(weights, Files.readAllBytes(model.snapshot().resolve(WEIGHTS)));
    assertEquals(
        Path.of("../../blobs", FakeHub.sha256(weights)),
        Files.readSymbolicLink(model.snapshot().resolve(WEIGHTS)));
    assertEquals(
        Path.of("../../../blobs", FakeHub.gitSha1("x".getBytes())),
        Files.readSymbolicLink(model.snapshot().resolve("additional_chat_templates/tool.jinja")));
    assertEquals(3, entries(folder.resolve("blobs")).size());
    assertEquals(
        List.of("additional_chat_templates", "config.json", WEIGHTS), entries(model.snapshot()));
    assertEquals(Optional.of(model.snapshot()), new HubCache(temp).resolve("org/model"));
  }

  @Test
  void secondPullAsksOnlyForTheListing() {
    pull();
    hub.seen.clear();
    pull();
    assertEquals(List.of("GET"), hub.seen.stream().map(Seen::method).toList());
  }

  @Test
  void filesThatOtherToolsFetchedAreNotFetchedAgain() throws IOException {
    Path folder = temp.resolve("models--org--model");
    Path blob = folder.resolve("blobs").resolve(FakeHub.sha256(weights));
    Files.createDirectories(blob.getParent());
    Files.write(blob, weights);
    Path copied = folder.resolve("snapshots").resolve(FakeHub.COMMIT).resolve("config.json");
    Files.createDirectories(copied.getParent());
    Files.write(copied, hub.small.get("config.json"));
    pull();
    assertEquals(List.of(), hub.ranges());
    assertTrue(Files.exists(copied.resolveSibling(WEIGHTS)));
  }

  @Test
  void tokenIsSentToTheHubAndNowhereElse() {
    pull();
    assertTrue(hub.seen.stream().anyMatch(Seen::store));
    for (Seen seen : hub.seen) {
      if (seen.store()) {
        assertNull(seen.authorization(), seen.path());
      } else {
        assertEquals("Bearer hf_secret", seen.authorization(), seen.path());
      }
    }
  }

  @Test
  void droppedConnectionsResumeWhereTheyBroke() throws IOException {
    hub.small.clear();
    for (int i = 0; i < 6; i++) { // more drops than attempts: each one gets further
      hub.next.add(FakeHub.dropAfter(100_000));
    }
    pullAndCheck();
    List<String> ranges = hub.ranges();
    assertEquals(7, ranges.size());
    assertEquals("all", ranges.getFirst());
    long last = Long.parseLong(ranges.getLast().replaceAll("\\D", ""));
    assertTrue(last > 0 && last <= 600_000, ranges.toString());
  }

  @Test
  void ignoredRangeStartsOver() throws IOException {
    hub.next.add(FakeHub.dropAfter(0));
    hub.next.add(FakeHub.dropAfter(300_000));
    hub.always = (exchange, content, start) -> FakeHub.good(exchange, content, 0);
    pullAndCheck();
  }

  @Test
  void wrongPartOfTheFileIsNotAppended() throws IOException {
    hub.small.clear();
    hub.next.add(FakeHub.dropAfter(300_000));
    hub.next.add((exchange, content, start) -> {
      int length = content.length - start;
      exchange.getResponseHeaders().set("Content-Range", "bytes 7-9/" + content.length);
      exchange.sendResponseHeaders(206, length);
      exchange.getResponseBody().write(content, 7, length);
    });
    pullAndCheck();
    // The second request for the same range shows that the first part was kept as it was.
    List<String> ranges = hub.ranges();
    assertEquals(3, ranges.size());
    assertTrue(ranges.get(1).startsWith("bytes="), ranges.toString());
    assertEquals(ranges.get(1), ranges.get(2));
  }

  @Test
  void refusedRangeStartsOver() throws IOException {
    hub.small.clear();
    hub.next.add(FakeHub.dropAfter(300_000));
    hub.next.add((exchange, content, start) -> exchange.sendResponseHeaders(416, -1));
    pullAndCheck();
    assertEquals("all", hub.ranges().getLast());
  }

  @Test
  void droppingForeverWithoutProgressGivesUpAndKeepsThePart() throws IOException {
    hub.small.clear();
    hub.always =
        (exchange, content, start) ->
            FakeHub.begin(exchange, content, 0, content.length).write(content, 0, 50_000);
    String message = failure();
    assertTrue(message.contains("gave up after 4 attempts: connection lost"), message);
    assertTrue(Files.size(part()) > 0);
    hub.always = FakeHub::good;
    pullAndCheck();
    assertTrue(hub.ranges().getLast().startsWith("bytes="), hub.ranges().toString());
  }

  @Test
  void badChecksumOnceIsFetchedAgainFromTheStart() throws IOException {
    hub.small.clear();
    hub.next.add(FakeHubBehaviours.CORRUPT);
    pullAndCheck();
    assertEquals(List.of("all", "all"), hub.ranges());
  }

  @Test
  void badChecksumOfTheResumedPartIsFetchedAgain() throws IOException {
    hub.small.clear();
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[1000]);
    pullAndCheck();
    assertEquals(List.of("bytes=1000-", "all"), hub.ranges());
  }

  @Test
  void badChecksumForeverLeavesNothingBehind() throws IOException {
    hub.small.clear();
    hub.always = FakeHubBehaviours.CORRUPT;
    String message = failure();
    assertTrue(message.contains("gave up after 4 attempts: checksum mismatch"), message);
    assertEquals(4, hub.ranges().size());
    assertEquals(List.of(), entries(part().getParent()));
    assertFalse(Files.exists(temp.resolve("models--org--model/refs/main")));
  }

  @Test
  void badChecksumOfASmallFileIsNoticedToo() {
    hub.large.clear();
    hub.always = FakeHubBehaviours.CORRUPT;
    String message = failure();
    assertTrue(message.startsWith("org/model/config.json: gave up"), message);
  }

  @Test
  void wrongLengthsAreRefused() throws IOException {
    hub.small.clear();
    hub.next.add(
        (exchange, content, start) -> // announces and sends too little
        FakeHub.begin(exchange, content, 0, content.length - 10)
                .write(content, 0, content.length - 10));
    hub.next.add(
        (exchange, content, start) -> // announces too much
        FakeHub.begin(exchange, content, 0, content.length + 10).write(content));
    hub.next.add((exchange, content, start) -> { // announces nothing and sends too much
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(content);
      exchange.getResponseBody().write(content);
    });
    pullAndCheck();
    assertEquals(4, hub.ranges().size());
  }

  @Test
  void busyServerIsAskedAgainAfterTheTimeItNames() throws IOException {
    hub.refusals.add(new Refusal(429, "", "0"));
    hub.refusals.add(new Refusal(503, "", "Wed, 21 Oct 2015 07:28:00 GMT"));
    hub.refusals.add(new Refusal(500, "", "nonsense"));
    List<String> waits = new ArrayList<>();
    try (HubClient client = client(QUICK)) {
      client.pull(
          PullRequest.of("org/model"),
          new ProgressListener() {
            @Override
            public void retrying(String what, String reason, Duration wait) {
              waits.add(reason.replaceAll(".*answered ", "") + " " + wait.toMillis());
            }
          });
    }
    assertEquals(List.of("HTTP 429 0", "HTTP 503 0", "HTTP 500 8"), waits);
  }

  @Test
  void brokenServerIsGivenUp() {
    for (int i = 0; i < 100; i++) {
      hub.refusals.add(new Refusal(500, "", ""));
    }
    String message = failure();
    assertTrue(message.contains("listing of org/model: gave up after 4 attempts"), message);
    assertTrue(message.contains("HTTP 500"), message);
    assertEquals(96, hub.refusals.size());
  }

  @Test
  void slowButSteadyServerIsWaitedFor() throws IOException {
    hub.small.clear();
    hub.always = FakeHubBehaviours.trickle(30, 10);
    RetryPolicy impatient =
        new RetryPolicy(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(5));
    try (HubClient client = client(impatient)) {
      check(client.pull(PullRequest.of("org/model"), ProgressListener.NONE));
    }
  }

  @Test
  void silentServerIsDroppedAndResumed() throws IOException {
    hub.small.clear();
    CountDownLatch end = new CountDownLatch(1);
    hub.next.add((exchange, content, start) -> {
      OutputStream out = FakeHub.begin(exchange, content, 0, content.length);
      out.write(content, 0, 200_000);
      out.flush();
      FakeHubBehaviours.await(end);
    });
    RetryPolicy alert =
        new RetryPolicy(20, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(700));
    List<String> reasons = new ArrayList<>();
    try (HubClient client = client(alert)) {
      check(
          client.pull(
              PullRequest.of("org/model"),
              new ProgressListener() {
                @Override
                public void retrying(String what, String reason, Duration wait) {
                  reasons.add(reason);
                }
              }));
    } finally {
      end.countDown();
    }
    assertTrue(reasons.contains("nothing arrived for 700 ms"), reasons.toString());
    assertTrue(hub.ranges().contains("bytes=200000-"), hub.ranges().toString());
  }

  @Test
  void changedFileStartsOverUnderItsNewName() throws IOException {
    hub.small.clear();
    byte[] changed = weights.clone();
    changed[0]++;
    hub.next.add((exchange, content, start) -> {
      hub.large.put(WEIGHTS, changed);
      FakeHub.dropAfter(100_000).serve(exchange, content, start);
    });
    PulledModel model = pull();
    assertArrayEquals(changed, Files.readAllBytes(model.snapshot().resolve(WEIGHTS)));
    assertEquals(List.of("all", "all"), hub.ranges());
  }

  @Test
  void refusalsSayWhatToDo() {
    assertRefusal(403, "GatedRepo", "org/model is gated: accept its terms at http://127.0.0.1");
    assertRefusal(401, "GatedRepo", "then set HF_TOKEN");
    assertRefusal(
        401, "RepoNotFound", "does not exist or is private: check the name, or set HF_TOKEN");
    assertRefusal(403, "", "access denied (HTTP 403): set HF_TOKEN");
    assertRefusal(404, "RevisionNotFound", "org/model has no revision \"main\"");
    assertRefusal(404, "", "not found at http://127.0.0.1");
    assertRefusal(410, "", "answered HTTP 410");
  }

  private void assertRefusal(int status, String code, String part) {
    hub.refusals.add(new Refusal(status, code, ""));
    hub.seen.clear();
    String message = failure();
    assertTrue(message.contains(part), message);
    assertFalse(message.contains("hf_secret") || message.contains("\n"), message);
    assertEquals(1, hub.seen.size(), "not tried again");
  }

  @Test
  void dangerousNamesAreRefusedBeforeAnythingIsWritten() throws IOException {
    for (String name :
        List.of(
            "../x",
            "a/../../x",
            "/etc/x",
            "a//b",
            ".",
            "a/./b",
            "a\\\\b",
            "..\\\\x",
            "C:/x",
            "",
            "a\\u0000b",
            "a\\nb")) {
      hub.listing = FakeHub.listingOf("{\"rfilename\":\"" + name + "\",\"size\":1}");
      String message = failure();
      assertTrue(message.contains("refused the file name"), name + ": " + message);
      assertFalse(message.contains("\n"), message);
    }
    assertEquals(List.of(), entries(temp));
  }

  @Test
  void dangerousEtagsAndCommitsAreRefused() {
    hub.etagOverride = "\"../../../x\"";
    assertTrue(failure().contains("unusable ETag"));
    hub.etagOverride = null;
    hub.listing = "{\"sha\":\"../x\",\"siblings\":[]}";
    assertTrue(failure().contains("expected a commit of 40 hex digits, found \"../x\""));
  }

  @Test
  void dangerousRedirectsAreRefused() {
    hub.redirectOverride = "file:///etc/passwd";
    assertTrue(failure().contains("refused a redirect to \"file:///etc/passwd\""));
    hub.redirectOverride =
        hub.endpoint() + "/" + FakeHub.REPO + "/resolve/" + FakeHub.COMMIT + "/" + WEIGHTS;
    assertTrue(failure().contains("more than 10 redirects"));
  }

  @Test
  void linkThatLeadsOutOfTheSnapshotIsNotFollowed() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path snapshot = temp.resolve("models--org--model/snapshots").resolve(FakeHub.COMMIT);
    Files.createDirectories(snapshot);
    Files.createSymbolicLink(snapshot.resolve("sub"), outside);
    hub.small.put("sub/evil.json", "{}".getBytes());
    String message = failure("sub/evil.json");
    assertTrue(message.contains("a link leads out of the snapshot"), message);
    assertEquals(List.of(), entries(outside));
  }

  @Test
  void brokenListingsAreRefused() {
    for (String json :
        List.of("", "<html>", "[]", "{\"sha\":", "{\"sha\":\"" + FakeHub.COMMIT + "\"}")) {
      hub.listing = json;
      String message = failure();
      assertTrue(message.startsWith("listing of org/model: "), message);
    }
  }

  @Test
  void hugeListingIsReadAndEndlessOneRefused() {
    String many =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "{\"rfilename\":\"data/%d.parquet\",\"size\":1}".formatted(i))
            .collect(Collectors.joining(","));
    hub.listing = FakeHub.listingOf(many);
    try (HubClient client = client(QUICK)) {
      assertEquals(50_000, client.listing(new RepoId("org/model"), "main").files().size());
    }
    hub.listing = " ".repeat((64 << 20) + 1);
    assertTrue(failure().contains("longer than 64.0 MiB"));
  }

  @Test
  void fullDiskIsNoticedBeforeTheDownload() {
    RetryPolicy once = QUICK;
    try (HubClient client = new HubClient(config(false), once, folder -> 1000)) {
      JandaiaException e =
          assertThrows(
              JandaiaException.class,
              () -> client.pull(PullRequest.of("org/model"), ProgressListener.NONE));
      assertTrue(e.getMessage().contains("needed 683.6 KiB, available 1000 B"), e.getMessage());
    }
    assertEquals(List.of(), hub.ranges());
  }

  @Test
  void interruptedPullResumes() throws Exception {
    hub.small.clear();
    CountDownLatch end = new CountDownLatch(1);
    hub.next.add((exchange, content, start) -> {
      OutputStream out = FakeHub.begin(exchange, content, 0, content.length);
      out.write(content, 0, 400_000);
      out.flush();
      FakeHubBehaviours.await(end);
    });
    AtomicReference<Exception> failure = new AtomicReference<>();
    CountDownLatch arrived = new CountDownLatch(1);
    Thread puller =
        Thread.ofPlatform()
            .start(() -> {
              try (HubClient client = client(QUICK)) {
                client.pull(
                    PullRequest.of("org/model"),
                    new ProgressListener() {
                      @Override
                      public void advanced(RepoFile file, long done, long total) {
                        if (done == 400_000) {
                          arrived.countDown();
                        }
                      }
                    });
              } catch (JandaiaException e) {
                failure.set(e);
              }
            });
    arrived.await();
    puller.interrupt();
    puller.join();
    end.countDown();
    assertEquals("org/model: interrupted; run it again to resume", failure.get().getMessage());
    assertEquals(400_000, Files.size(part()));
    pullAndCheck();
    assertEquals(List.of("all", "bytes=400000-"), hub.ranges());
  }

  @Test
  void concurrentPullsFetchOnce() throws Exception {
    hub.small.clear();
    hub.always = FakeHubBehaviours.trickle(10, 10);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> pulls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        pulls.add(threads.submit(() -> pull()));
      }
      for (Future<?> pull : pulls) {
        pull.get();
      }
    }
    assertEquals(List.of("all"), hub.ranges());
    check(pull());
  }

  @Test
  void processesShareTheWork() throws Exception {
    hub.small.clear();
    hub.always = FakeHubBehaviours.trickle(20, 10);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  PullMain.class.getName(),
                  hub.endpoint().toString(),
                  temp.toString())
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertEquals(0, process.waitFor());
    }
    assertEquals(List.of("all"), hub.ranges());
    pullAndCheck();
  }

  @Test
  void killedProcessLeavesAResumableState() throws Exception {
    hub.small.clear();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    hub.next.add((exchange, content, start) -> {
      OutputStream out = FakeHub.begin(exchange, content, 0, content.length);
      out.write(content, 0, 400_000);
      out.flush();
      sent.countDown();
      FakeHubBehaviours.await(end);
    });
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PullMain.class.getName(),
                hub.endpoint().toString(),
                temp.toString())
            .inheritIO()
            .start();
    sent.await();
    while (!Files.exists(part()) || Files.size(part()) < 400_000) {
      Thread.sleep(5);
    }
    process.destroyForcibly().waitFor();
    end.countDown();
    pullAndCheck();
    assertEquals("bytes=400000-", hub.ranges().getLast());
  }

  @Test
  void offlineUsesTheCacheAlone() {
    HubClient offline = new HubClient(config(true));
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () -> offline.pull(PullRequest.of("org/model"), ProgressListener.NONE));
    assertTrue(e.getMessage().contains("HF_HUB_OFFLINE is set"), e.getMessage());
    PulledModel pulled = pull();
    hub.seen.clear();
    assertEquals(
        pulled.snapshot(),
        offline.pull(PullRequest.of("org/model"), ProgressListener.NONE).snapshot());
    assertEquals(
        List.of(pulled.snapshot().resolve("config.json")),
        offline.pull(PullRequest.of("org/model", "*.json"), ProgressListener.NONE).files());
    assertEquals(0, hub.seen.size());
    offline.close();
  }

  @Test
  void unreachableHubIsNamed() {
    String endpoint = hub.endpoint().getAuthority();
    hub.close();
    String message = failure();
    assertTrue(message.contains("cannot reach " + endpoint), message);
  }

  @Test
  void mirrorWithoutHeadersFallsBackOnTheListing() throws IOException {
    hub.small.clear();
    hub.etagOverride = "\"mirror-etag\"";
    hub.next.add(FakeHubBehaviours.CORRUPT);
    PulledModel model = pull();
    assertArrayEquals(weights, Files.readAllBytes(model.snapshot().resolve(WEIGHTS)));
    assertEquals(2, hub.ranges().size(), "the listing's checksum caught the corrupt bytes");
  }

  private PulledModel pull(String... files) {
    try (HubClient client = client(QUICK)) {
      return client.pull(PullRequest.of("org/model", files), ProgressListener.NONE);
    }
  }

  private void pullAndCheck() throws IOException {
    check(pull());
  }

  private void check(PulledModel model) throws IOException {
    assertArrayEquals(weights, Files.readAllBytes(model.snapshot().resolve(WEIGHTS)));
    assertEquals(List.of(FakeHub.sha256(weights)), blobsLike(FakeHub.sha256(weights)));
  }

  private List<String> blobsLike(String etag) throws IOException {
    return entries(part().getParent()).stream().filter(name -> name.startsWith(etag)).toList();
  }

  private String failure(String... files) {
    return assertThrows(JandaiaException.class, () -> pull(files)).getMessage();
  }

  private Path part() {
    return temp.resolve("models--org--model/blobs/" + FakeHub.sha256(weights) + ".incomplete");
  }

  private HubClient client(RetryPolicy policy) {
    return new HubClient(config(false), policy);
  }

  private HubConfig config(boolean offline) {
    return new HubConfig(hub.endpoint(), Optional.of("hf_secret"), temp, offline);
  }

  private static List<String> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(".locks"))
          .sorted()
          .toList();
    }
  }
}
