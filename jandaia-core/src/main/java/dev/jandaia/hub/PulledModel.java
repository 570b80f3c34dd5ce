package dev.jandaia.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * The result of a pull.
 *
 * @param commit 40 hex digits
 * @param snapshot the folder in the cache that holds the files
 * @param files the files asked for, absolute or relative as the cache is
 */
public record PulledModel(RepoId repo, String commit, Path snapshot, List<Path> files) {}
