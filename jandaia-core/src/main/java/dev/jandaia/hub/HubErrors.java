package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.Optional;

/** Turns a refusal of the Hub into one line that says what to do. */
final class HubErrors {
  private final HubConfig config;
  private final RepoId repo;
  private final String revision;

  HubErrors(HubConfig config, RepoId repo, String revision) {
    this.config = config;
    this.repo = repo;
    this.revision = revision;
  }

  /**
   * Returns if the answer has what was asked for.
   *
   * @throws TransferException if trying again may help
   * @throws JandaiaException if it will not
   */
  void check(Answer answer, String what) throws TransferException {
    int status = answer.status();
    if (status == 200 || status == 206 || answer.isRedirect() && answer.fromHub()) {
      return;
    }
    boolean busy = status == 429 || status == 408 || status >= 500;
    // A link to a file store expires; asking the Hub again gives a new one.
    if (busy || !answer.fromHub()) {
      throw new TransferException(
          "%s answered HTTP %d".formatted(answer.last().uri().getAuthority(), status),
          answer.retryAfter());
    }
    throw new JandaiaException(explain(status, what, answer.header("X-Error-Code").orElse("")));
  }

  private String explain(int status, String what, String code) {
    if (code.equals("GatedRepo")) {
      return "%s is gated: accept its terms at %s/%s, then %s"
          .formatted(repo, config.endpoint(), repo, tokenAdvice());
    }
    if (code.equals("RevisionNotFound")) {
      return "%s has no revision \"%s\"".formatted(repo, revision);
    }
    if (code.equals("EntryNotFound")) {
      return "%s has no file \"%s\" at revision %s".formatted(repo, what, revision);
    }
    return switch (status) {
      case 401 ->
          "%s does not exist or is private: check the name, or %s".formatted(repo, tokenAdvice());
      case 403 ->
          "%s: access denied (HTTP 403): %s with read access".formatted(repo, tokenAdvice());
      case 404 ->
          "%s: not found at %s (revision %s); check the name, or %s if it is private"
              .formatted(what, config.endpoint(), revision, tokenAdvice());
      default -> "%s: %s answered HTTP %d".formatted(what, config.endpoint(), status);
    };
  }

  private String tokenAdvice() {
    Optional<String> token = config.token();
    return token.isPresent()
        ? "set HF_TOKEN to a token of an account that may read it (the present one was refused)"
        : "set HF_TOKEN to a token of an account that may read it";
  }
}
