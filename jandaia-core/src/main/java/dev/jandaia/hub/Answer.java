package dev.jandaia.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The end of a chain of redirects.
 *
 * @param last the response with the bytes
 * @param hub the latest response from the Hub itself, with what it says about the file
 * @param fromHub whether both are the same
 */
record Answer(HttpResponse<InputStream> last, HttpResponse<InputStream> hub, boolean fromHub)
    implements AutoCloseable {

  int status() {
    return last.statusCode();
  }

  InputStream body() {
    return last.body();
  }

  Optional<String> header(String name) {
    return last.headers().firstValue(name);
  }

  OptionalLong contentLength() {
    return number(last.headers(), "Content-Length");
  }

  /** The etag of the file itself: on a redirect, only the linked one speaks of the file. */
  Optional<String> etag() {
    Optional<String> own = isRedirect() ? Optional.empty() : hub.headers().firstValue("ETag");
    return hub.headers().firstValue("X-Linked-Etag").or(() -> own);
  }

  OptionalLong linkedSize() {
    return number(hub.headers(), "X-Linked-Size");
  }

  boolean isRedirect() {
    return hub.statusCode() / 100 == 3;
  }

  /** The Retry-After header: seconds, or a date. */
  Optional<Duration> retryAfter() {
    return header("Retry-After").flatMap(Answer::duration);
  }

  private static Optional<Duration> duration(String text) {
    if (text.strip().matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
    }
    try {
      Instant until =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), until);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static OptionalLong number(HttpHeaders headers, String name) {
    Optional<String> text = headers.firstValue(name).filter(value -> value.matches("\\d{1,18}"));
    return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
  }

  @Override
  public void close() throws IOException {
    last.body().close();
  }
}
