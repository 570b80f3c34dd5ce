package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Downloads models from the Hugging Face Hub into the cache. Interrupted pulls leave what arrived
 * and resume; files are verified before they appear; several processes may pull the same model.
 */
public final class HubClient implements AutoCloseable {
  /** Far above any real listing; a server that sends more is broken or hostile. */
  private static final int LONGEST_LISTING = 64 << 20;

  private final HubConfig config;
  private final RetryPolicy policy;
  private final HubHttp http;
  private final HubCache cache;
  private final DiskSpace disk;

  /** A client of the configured Hub with the default patience. */
  public HubClient(HubConfig config) {
    this(config, RetryPolicy.DEFAULT);
  }

  /** A client with a patience of your choice. */
  public HubClient(HubConfig config, RetryPolicy policy) {
    this(config, policy, DiskSpace.REAL);
  }

  HubClient(HubConfig config, RetryPolicy policy, DiskSpace disk) {
    this.config = config;
    this.policy = policy;
    this.http = new HubHttp(config, policy);
    this.cache = new HubCache(config.cache());
    this.disk = disk;
  }

  /** The cache that this client fills. */
  public HubCache cache() {
    return cache;
  }

  /**
   * What the repository holds.
   *
   * @throws JandaiaException if it does not exist, may not be read or cannot be reached
   */
  public RepoListing listing(RepoId repo, String revision) {
    refuseOffline(repo);
    return guarded(repo, () -> fetchListing(repo, revision, ProgressListener.NONE));
  }

  /**
   * Makes sure that the files are in the cache; offline, that at least some of them are.
   *
   * @throws JandaiaException if that cannot be done; what arrived is kept for the next time
   */
  public PulledModel pull(PullRequest request, ProgressListener listener) {
    return config.offline()
        ? fromCache(request)
        : guarded(request.repo(), () -> fetch(request, listener));
  }

  private PulledModel fetch(PullRequest request, ProgressListener listener)
      throws IOException, InterruptedException {
    RepoId repo = request.repo();
    RepoListing listing = fetchListing(repo, request.revision(), listener);
    String commit = listing.commit();
    List<RepoFile> files = FileSelection.select(repo, listing.files(), request.files());
    long missing = missingBytes(listing, files);
    disk.require(cache.root(), missing);
    listener.planned(repo, commit, files, missing);
    for (RepoFile file : files) {
      if (cache.holds(repo, commit, file)) {
        listener.cached(file);
      } else {
        fetchFile(listing, file, listener);
      }
    }
    cache.writeRef(repo, request.revision(), commit);
    Path snapshot = cache.snapshot(repo, commit);
    List<Path> paths = files.stream().map(file -> snapshot.resolve(file.path())).toList();
    return new PulledModel(repo, commit, snapshot, paths);
  }

  private RepoListing fetchListing(RepoId repo, String revision, ProgressListener listener)
      throws IOException, InterruptedException {
    HubErrors errors = new HubErrors(config, repo, revision);
    byte[] json =
        new Retries("listing of " + repo, policy, listener)
            .run(() -> {
              try (Answer answer = http.get(http.urls().listing(repo, revision), 0)) {
                errors.check(answer, repo.name());
                return Watchdog.readAll(answer.body(), LONGEST_LISTING + 1, policy.silence());
              }
            });
    if (json.length > LONGEST_LISTING) {
      throw new JandaiaException(
          "listing of %s: longer than %s".formatted(repo, Bytes.text(LONGEST_LISTING)));
    }
    return RepoListing.parse(repo, new ByteArrayInputStream(json));
  }

  private void fetchFile(RepoListing listing, RepoFile file, ProgressListener listener)
      throws IOException, InterruptedException {
    RepoId repo = listing.repo();
    HubErrors errors = new HubErrors(config, repo, listing.commit());
    URI uri = http.urls().file(repo, listing.commit(), file.path());
    BlobDownload download = new BlobDownload(http, errors, listener, policy.silence());
    Retries retries = new Retries(repo + "/" + file.path(), policy, listener);
    retries.run(() -> {
      RemoteFile remote = describe(uri, listing.commit(), file, errors);
      Path blob = cache.blob(repo, remote.etag());
      Path lockFile = cache.lock(repo, remote.etag());
      try (BlobLock _ = BlobLock.acquire(lockFile, () -> listener.waiting(file))) {
        if (!isWhole(blob, remote)) {
          downloadPart(download, uri, remote, blob, retries);
        }
        cache.link(repo, listing.commit(), file.path(), blob);
        return blob;
      }
    });
  }

  private RemoteFile describe(URI uri, String commit, RepoFile file, HubErrors errors)
      throws IOException, InterruptedException {
    try (Answer head = http.head(uri)) {
      errors.check(head, file.path());
      return RemoteFile.from(file, commit, head);
    }
  }

  private void downloadPart(
      BlobDownload download, URI uri, RemoteFile remote, Path blob, Retries retries)
      throws IOException, InterruptedException {
    Files.createDirectories(blob.getParent());
    disk.require(cache.root(), remote.size().orElse(0) - HubCache.partialBytes(blob));
    try {
      download.run(uri, remote, blob);
    } finally {
      retries.reached(HubCache.partialBytes(blob));
    }
  }

  private static boolean isWhole(Path blob, RemoteFile remote) throws IOException {
    return Files.isRegularFile(blob)
        && (remote.size().isEmpty() || remote.size().getAsLong() == Files.size(blob));
  }

  /** What is still to come, as far as the listing tells. */
  private long missingBytes(RepoListing listing, List<RepoFile> files) throws IOException {
    long missing = 0;
    for (RepoFile file : files) {
      Path blob = cache.blob(listing.repo(), file.digest().map(Digest::hex).orElse(file.path()));
      if (!Files.exists(blob) && !cache.holds(listing.repo(), listing.commit(), file)) {
        missing += Math.max(0, file.size().orElse(0) - HubCache.partialBytes(blob));
      }
    }
    return missing;
  }

  private PulledModel fromCache(PullRequest request) {
    RepoId repo = request.repo();
    Path snapshot =
        cache
            .resolve(repo, request.revision())
            .orElseThrow(() ->
                new JandaiaException(
                    "%s (revision %s) is not in %s and HF_HUB_OFFLINE is set"
                        .formatted(repo, request.revision(), cache.root())));
    List<RepoFile> files =
        CachedModel.list(cache).stream()
            .filter(model -> model.path().equals(snapshot))
            .flatMap(model -> model.files().stream())
            .map(path -> path.toString().replace('\\', '/'))
            .map(path -> new RepoFile(path, OptionalLong.empty(), Optional.empty()))
            .toList();
    List<Path> selected =
        FileSelection.select(repo, files, request.files()).stream()
            .map(file -> snapshot.resolve(file.path()))
            .toList();
    return new PulledModel(repo, snapshot.getFileName().toString(), snapshot, selected);
  }

  private void refuseOffline(RepoId repo) {
    if (config.offline()) {
      throw new JandaiaException(repo + ": HF_HUB_OFFLINE is set, the Hub is not asked");
    }
  }

  private <T> T guarded(RepoId repo, Retries.Attempt<T> work) {
    try {
      return work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(repo, e);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(repo, e);
      }
      throw new JandaiaException("%s: cannot write to %s: %s".formatted(repo, cache.root(), e), e);
    }
  }

  private static JandaiaException interrupted(RepoId repo, Exception e) {
    return new JandaiaException(repo + ": interrupted; run it again to resume", e);
  }

  @Override
  public void close() {
    http.close();
  }
}
