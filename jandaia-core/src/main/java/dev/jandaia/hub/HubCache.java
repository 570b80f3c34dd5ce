package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/** The folder of downloaded models, in the layout of the huggingface tools. */
public final class HubCache {
  private final Path root;

  /** A cache that need not exist yet. */
  public HubCache(Path root) {
    this.root = root;
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /**
   * The snapshot of a model, if a pull of it has finished here.
   *
   * @param revision a branch, a tag or a full commit
   */
  public Optional<Path> resolve(RepoId repo, String revision) {
    SafeNames.path("revision", revision);
    try {
      Path ref = folder(repo).resolve("refs").resolve(revision);
      String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : revision;
      return Optional.of(commit)
          .filter(SafeNames::isCommit)
          .map(name -> snapshot(repo, name))
          .filter(Files::isDirectory);
    } catch (IOException e) {
      throw new JandaiaException("cache of %s: cannot be read: %s".formatted(repo, e), e);
    }
  }

  /** The snapshot of {@code ORG/NAME} at its main branch, if it is here; any other text is not. */
  public Optional<Path> resolve(String model) {
    return RepoId.isValid(model) ? resolve(new RepoId(model), "main") : Optional.empty();
  }

  Path folder(RepoId repo) {
    return root.resolve(repo.folder());
  }

  Path snapshot(RepoId repo, String commit) {
    return folder(repo).resolve("snapshots").resolve(commit);
  }

  Path blob(RepoId repo, String etag) {
    return folder(repo).resolve("blobs").resolve(etag);
  }

  Path lock(RepoId repo, String etag) {
    return root.resolve(".locks").resolve(repo.folder()).resolve(etag + ".lock");
  }

  /** Whether the file is in the snapshot, with the size it should have. */
  boolean holds(RepoId repo, String commit, RepoFile file) throws IOException {
    Path path = snapshot(repo, commit).resolve(file.path());
    return Files.isRegularFile(path)
        && (file.size().isEmpty() || file.size().getAsLong() == Files.size(path));
  }

  /** Makes the blob appear in the snapshot under its name. */
  void link(RepoId repo, String commit, String path, Path blob) throws IOException {
    Path snapshot = snapshot(repo, commit);
    Path pointer = snapshot.resolve(path);
    Files.createDirectories(pointer.getParent());
    if (!pointer.getParent().toRealPath().startsWith(snapshot.toRealPath())) {
      throw new JandaiaException(
          "%s: refused to write %s, a link leads out of the snapshot".formatted(repo, path));
    }
    Path fresh = pointer.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      linkOrCopy(fresh, blob);
      Files.move(
          fresh, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** A relative link; where the system has none, a hard link; where it has none either, a copy. */
  private static void linkOrCopy(Path pointer, Path blob) throws IOException {
    try {
      Path target = pointer.getParent().toAbsolutePath().relativize(blob.toAbsolutePath());
      Files.createSymbolicLink(pointer, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      try {
        Files.createLink(pointer, blob);
      } catch (UnsupportedOperationException | FileSystemException f) {
        Files.copy(blob, pointer);
      }
    }
  }

  /** Records what commit a branch or tag points to. */
  void writeRef(RepoId repo, String revision, String commit) throws IOException {
    if (revision.equals(commit)) {
      return;
    }
    Path ref = folder(repo).resolve("refs").resolve(revision);
    Files.createDirectories(ref.getParent());
    Path fresh = ref.resolveSibling("." + UUID.randomUUID() + ".tmp");
    Files.writeString(fresh, commit);
    Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Bytes of the blob that an earlier attempt left behind. */
  static long partialBytes(Path blob) throws IOException {
    Path part = BlobDownload.incomplete(blob);
    return Files.exists(part, LinkOption.NOFOLLOW_LINKS) ? Files.size(part) : 0;
  }
}
