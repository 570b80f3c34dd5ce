package dev.jandaia.hub;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of a repository, as its listing describes it.
 *
 * @param path the name inside the repository, with forward slashes; checked to be safe
 * @param size in bytes, if the listing tells
 * @param digest what the bytes must hash to, if the listing tells
 */
public record RepoFile(String path, OptionalLong size, Optional<Digest> digest) {}
