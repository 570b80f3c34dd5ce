package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file as the Hub describes it right now; the listing fills in what the headers leave out.
 *
 * @param etag the name of the blob
 * @param size in bytes, if anybody tells
 * @param digest what the bytes must hash to, if anybody tells
 */
record RemoteFile(RepoFile file, String etag, OptionalLong size, Optional<Digest> digest) {

  static RemoteFile from(RepoFile file, String commit, Answer head) {
    String served = head.hub().headers().firstValue("X-Repo-Commit").orElse(commit);
    if (!served.equals(commit)) {
      throw new JandaiaException(
          "%s: asked for commit %s, the server answered for %s"
              .formatted(file.path(), commit, SafeNames.shown(served)));
    }
    String etag =
        head.etag()
            .map(header -> SafeNames.etag(file.path(), header))
            .or(() -> file.digest().map(Digest::hex))
            .orElseThrow(() -> new JandaiaException(file.path() + ": the server sent no ETag"));
    return new RemoteFile(file, etag, size(file, head), Digest.fromEtag(etag).or(file::digest));
  }

  private static OptionalLong size(RepoFile file, Answer head) {
    if (head.linkedSize().isPresent()) {
      return head.linkedSize();
    }
    OptionalLong length = head.isRedirect() ? OptionalLong.empty() : head.contentLength();
    return length.isPresent() ? length : file.size();
  }
}
