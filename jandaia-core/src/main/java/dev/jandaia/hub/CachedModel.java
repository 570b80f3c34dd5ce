package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One snapshot in the cache.
 *
 * @param commit 40 hex digits
 * @param refs the branches and tags that point to it, such as {@code main}
 * @param path the snapshot's folder
 * @param files its files, relative to the folder, sorted
 * @param bytes their size together
 * @param broken links whose blob is gone
 */
public record CachedModel(
    RepoId repo,
    String commit,
    List<String> refs,
    Path path,
    List<Path> files,
    long bytes,
    List<Path> broken) {

  /** All snapshots in the cache, sorted by name; folders of any other kind are not models. */
  public static List<CachedModel> list(HubCache cache) {
    List<CachedModel> models = new ArrayList<>();
    try {
      for (Path folder : children(cache.root())) {
        Optional<RepoId> repo = RepoId.fromFolder(folder.getFileName().toString());
        for (Path snapshot :
            repo.isEmpty() ? List.<Path>of() : children(folder.resolve("snapshots"))) {
          models.add(read(repo.get(), folder, snapshot));
        }
      }
    } catch (IOException e) {
      throw new JandaiaException("cache %s: cannot be read: %s".formatted(cache.root(), e), e);
    }
    return models;
  }

  private static CachedModel read(RepoId repo, Path folder, Path snapshot) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(snapshot)) {
      entries = walk.filter(path -> !Files.isDirectory(path)).sorted().toList();
    }
    List<Path> files = entries.stream().filter(Files::exists).toList();
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    String commit = snapshot.getFileName().toString();
    return new CachedModel(
        repo,
        commit,
        refs(folder.resolve("refs"), commit),
        snapshot,
        files.stream().map(snapshot::relativize).toList(),
        bytes,
        entries.stream().filter(path -> !Files.exists(path)).map(snapshot::relativize).toList());
  }

  private static List<String> refs(Path folder, String commit) throws IOException {
    List<String> refs = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path ref : walk.filter(Files::isRegularFile).sorted().toList()) {
          if (Files.readString(ref).strip().equals(commit)) {
            refs.add(folder.relativize(ref).toString().replace('\\', '/'));
          }
        }
      }
    }
    return refs;
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(Files::isDirectory)
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    }
  }
}
