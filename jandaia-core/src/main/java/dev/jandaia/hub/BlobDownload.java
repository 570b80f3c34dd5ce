package dev.jandaia.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attempt at fetching one blob: bytes are appended to {@code ETAG.incomplete}, which is checked
 * as a whole and then moved into place. Whatever goes wrong, the part that arrived stays for the
 * next attempt, unless it is known to be bad. The caller holds the blob's lock.
 */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");

  private final HubHttp http;
  private final HubErrors errors;
  private final ProgressListener listener;
  private final Duration silence;

  BlobDownload(HubHttp http, HubErrors errors, ProgressListener listener, Duration silence) {
    this.http = http;
    this.errors = errors;
    this.listener = listener;
    this.silence = silence;
  }

  static Path incomplete(Path blob) {
    return blob.resolveSibling(blob.getFileName() + ".incomplete");
  }

  /** Fetches what is missing of the blob and puts it into place. */
  void run(URI uri, RemoteFile remote, Path blob) throws IOException, InterruptedException {
    Path part = incomplete(blob);
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (remote.size().isPresent() && have > remote.size().getAsLong()) {
      Files.delete(part);
      have = 0;
    }
    if (have == 0 || remote.size().isEmpty() || have < remote.size().getAsLong()) {
      transfer(uri, remote, part, have);
    }
    verify(remote, part);
    Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    listener.finished(remote.file(), remote.digest().isPresent());
  }

  private void transfer(URI uri, RemoteFile remote, Path part, long have)
      throws IOException, InterruptedException {
    try (Answer answer = http.get(uri, have)) {
      if (answer.status() == 416) {
        Files.deleteIfExists(part);
        throw new TransferException("the server refused to resume; starting over");
      }
      errors.check(answer, remote.file().path());
      checkUnchanged(remote, answer);
      long start = start(answer, have);
      checkLength(remote, answer, start);
      append(answer.body(), remote, part, start);
    }
  }

  private static void checkUnchanged(RemoteFile remote, Answer answer) throws TransferException {
    Optional<String> etag =
        answer.etag().map(header -> SafeNames.etag(remote.file().path(), header));
    if (etag.isPresent() && !etag.get().equals(remote.etag())) {
      throw new TransferException("the file changed on the server");
    }
  }

  /**
   * Where the answer's bytes begin: at the offset asked for, or at zero if the server ignored it.
   */
  private static long start(Answer answer, long have) throws TransferException {
    if (answer.status() == 200) {
      return 0;
    }
    Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != have) {
      throw new TransferException(
          "asked for the bytes from %d on, the server sent another part".formatted(have));
    }
    return have;
  }

  private static void checkLength(RemoteFile remote, Answer answer, long start)
      throws TransferException {
    long announced = answer.contentLength().orElse(-1);
    long expected = remote.size().orElse(start + announced) - start;
    if (announced >= 0 && announced != expected) {
      throw new TransferException(
          "expected %d bytes, the server announced %d".formatted(expected, announced));
    }
  }

  private void append(InputStream body, RemoteFile remote, Path part, long start)
      throws IOException {
    long total = remote.size().orElse(-1);
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Watchdog watchdog = new Watchdog(body, silence)) {
      out.truncate(start).position(start);
      listener.started(remote.file(), start, total);
      long done = start;
      for (int n = watchdog.read(buffer); n >= 0; n = watchdog.read(buffer)) {
        write(out, ByteBuffer.wrap(buffer, 0, n));
        done += n;
        listener.advanced(remote.file(), done, total);
        if (total >= 0 && done > total) {
          out.truncate(0);
          throw new TransferException(
              "the server sent more than the %d bytes expected".formatted(total));
        }
      }
      if (done < total) {
        throw new TransferException(
            "connection closed after %d of %d bytes".formatted(done, total));
      }
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private void verify(RemoteFile remote, Path part) throws IOException {
    listener.verifying(remote.file());
    if (remote.digest().isPresent() && !remote.digest().get().matches(part)) {
      Files.delete(part);
      throw new TransferException(
          "checksum mismatch: the bytes are not those of " + remote.digest().get().hex());
    }
  }
}
