package dev.jandaia.hub;

import java.util.List;

/**
 * What to pull.
 *
 * @param revision a branch, a tag or a commit
 * @param files names or shell patterns such as {@code *Q4_K_M*}; none means the safetensors model
 *     with its configuration and tokenizer
 */
public record PullRequest(RepoId repo, String revision, List<String> files) {
  public PullRequest {
    SafeNames.path("revision", revision);
    files = List.copyOf(files);
  }

  /** The named files of {@code ORG/NAME} or {@code ORG/NAME@REVISION}. */
  public static PullRequest of(String model, String... files) {
    int at = model.indexOf('@');
    RepoId repo = new RepoId(at < 0 ? model : model.substring(0, at));
    return new PullRequest(repo, at < 0 ? "main" : model.substring(at + 1), List.of(files));
  }
}
