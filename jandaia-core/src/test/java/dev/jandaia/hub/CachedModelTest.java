package dev.jandaia.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedModelTest {
  private static final String OLD = "a".repeat(40);
  private static final String NEW = "b".repeat(40);

  @TempDir Path root;

  @Test
  void listsEverySnapshotWithItsSizeAndRefs() throws IOException {
    write("models--org--model/blobs/x", "12345");
    link("models--org--model/snapshots/" + OLD + "/w.safetensors", "../../blobs/x");
    link("models--org--model/snapshots/" + NEW + "/w.safetensors", "../../blobs/x");
    link("models--org--model/snapshots/" + NEW + "/gone.json", "../../blobs/y");
    write("models--org--model/snapshots/" + NEW + "/sub/c.json", "{}");
    write("models--org--model/refs/main", NEW);
    write("models--org--model/refs/refs/pr/1", NEW + "\n");
    write("models--gpt2/snapshots/" + OLD + "/config.json", "{}");
    write("datasets--org--data/snapshots/" + OLD + "/x", "x");
    write("version.txt", "1");
    List<CachedModel> models = CachedModel.list(new HubCache(root));
    assertEquals(
        List.of("gpt2 2 []", "org/model 5 []", "org/model 7 [main, refs/pr/1]"),
        models.stream().map(m -> m.repo() + " " + m.bytes() + " " + m.refs()).toList());
    assertEquals(NEW, models.getLast().commit());
    assertEquals(
        List.of(Path.of("sub/c.json"), Path.of("w.safetensors")), models.getLast().files());
    assertEquals(List.of(Path.of("gone.json")), models.getLast().broken());
  }

  @Test
  void resolvesBranchesAndCommits() throws IOException {
    HubCache cache = new HubCache(root);
    RepoId repo = new RepoId("org/model");
    assertEquals(Optional.empty(), cache.resolve("org/model"));
    write("models--org--model/refs/main", NEW);
    assertEquals(Optional.empty(), cache.resolve("org/model"));
    write("models--org--model/snapshots/" + NEW + "/c", "");
    write("models--org--model/snapshots/" + OLD + "/c", "");
    Path snapshots = root.resolve("models--org--model/snapshots");
    assertEquals(Optional.of(snapshots.resolve(NEW)), cache.resolve("org/model"));
    assertEquals(Optional.of(snapshots.resolve(OLD)), cache.resolve(repo, OLD));
    assertEquals(Optional.empty(), cache.resolve(repo, "other"));
    assertEquals(Optional.empty(), cache.resolve("./some/path.gguf"));
    assertThrows(JandaiaException.class, () -> cache.resolve(repo, "../../x"));
    write("models--org--model/refs/main", "../../../x");
    assertEquals(Optional.empty(), cache.resolve("org/model"));
  }

  @Test
  void anAbsentCacheIsEmpty() {
    assertEquals(List.of(), CachedModel.list(new HubCache(root.resolve("none"))));
  }

  @Test
  void repositoryNamesAreChecked() {
    for (String bad : List.of("", "a/b/c", "../x", "/x", "a/", "a b", "a--b", "x/..", "a/b\n")) {
      assertThrows(JandaiaException.class, () -> new RepoId(bad), bad);
    }
    assertEquals("models--Qwen--Qwen3-0.6B", new RepoId("Qwen/Qwen3-0.6B").folder());
    assertEquals(Optional.of(new RepoId("gpt2")), RepoId.fromFolder("models--gpt2"));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void link(String path, String target) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }
}
