package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a repository holds at one commit.
 *
 * @param commit 40 hex digits
 * @param files all of them, in the order of the server
 */
public record RepoListing(RepoId repo, String commit, List<RepoFile> files) {
  public RepoListing {
    files = List.copyOf(files);
  }

  /**
   * Reads the answer of {@code /api/models/REPO/revision/REVISION?blobs=true}.
   *
   * @throws JandaiaException if it is not of that form or holds a dangerous name
   */
  static RepoListing parse(RepoId repo, InputStream json) {
    String where = "listing of " + repo;
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new JandaiaException(where + ": expected JSON, found something else or less", e);
    }
    String commit = SafeNames.commit(where + ": sha", root.path("sha").asString(""));
    JsonNode siblings = root.path("siblings");
    if (!siblings.isArray()) {
      throw new JandaiaException(where + ": siblings: expected a list, found none");
    }
    List<RepoFile> files = new ArrayList<>();
    for (JsonNode sibling : siblings) {
      files.add(file(where, sibling));
    }
    return new RepoListing(repo, commit, files);
  }

  private static RepoFile file(String where, JsonNode sibling) {
    String path = SafeNames.path(where, sibling.path("rfilename").asString(""));
    JsonNode lfs = sibling.path("lfs");
    JsonNode size = lfs.has("size") ? lfs.path("size") : sibling.path("size");
    String hex =
        lfs.isObject() ? lfs.path("sha256").asString("") : sibling.path("blobId").asString("");
    return new RepoFile(
        path,
        size.isIntegralNumber() && size.asLong() >= 0
            ? OptionalLong.of(size.asLong())
            : OptionalLong.empty(),
        Digest.fromEtag(hex));
  }
}
