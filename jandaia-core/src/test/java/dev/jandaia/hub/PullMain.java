package dev.jandaia.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Pulls the fake repository in a process of its own: arguments are the endpoint and the cache. */
final class PullMain {
  private PullMain() {}

  public static void main(String[] args) {
    HubConfig config =
        new HubConfig(URI.create(args[0]), Optional.empty(), Path.of(args[1]), false);
    try (HubClient client = new HubClient(config)) {
      client.pull(PullRequest.of(FakeHub.REPO), ProgressListener.NONE);
    }
  }
}
