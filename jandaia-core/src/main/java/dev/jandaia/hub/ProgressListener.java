package dev.jandaia.hub;

import java.time.Duration;
import java.util.List;

/**
 * Follows a download; every method does nothing unless overridden. Called on the downloading
 * thread.
 */
public interface ProgressListener {
  /** Listens to nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /** The files chosen, and the bytes still to be fetched as far as the listing tells. */
  default void planned(RepoId repo, String commit, List<RepoFile> files, long missingBytes) {}

  /** A file is in the cache already. */
  default void cached(RepoFile file) {}

  /** Another process or thread is fetching the file; this one waits for it. */
  default void waiting(RepoFile file) {}

  /** Bytes are about to arrive, from {@code done} of {@code total} on. */
  default void started(RepoFile file, long done, long total) {}

  /**
   * {@code done} of {@code total} bytes are on disk; less than before if the file had to start
   * over.
   */
  default void advanced(RepoFile file, long done, long total) {}

  /** All bytes are there, and are being checked. */
  default void verifying(RepoFile file) {}

  /**
   * The file is in the cache; {@code checked} tells whether the server offered a checksum to
   * verify.
   */
  default void finished(RepoFile file, boolean checked) {}

  /** A request failed and will be tried again after the wait. */
  default void retrying(String what, String reason, Duration wait) {}
}
