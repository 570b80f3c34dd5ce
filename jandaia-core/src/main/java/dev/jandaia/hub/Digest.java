package dev.jandaia.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a file must hash to. The Hub names large files (LFS) by the SHA-256 of their bytes and small
 * ones by their git blob id, {@code SHA-1("blob " + length + "\0" + bytes)}; the length of the hex
 * tells which.
 *
 * @param hex lower-case hex digits, 64 or 40
 */
public record Digest(String hex) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** The digest that an etag is, if it is one. */
  static Optional<Digest> fromEtag(String etag) {
    return etag.matches("[0-9a-f]{64}|[0-9a-f]{40}")
        ? Optional.of(new Digest(etag))
        : Optional.empty();
  }

  /** Whether the file hashes to this digest. */
  boolean matches(Path file) throws IOException {
    boolean git = hex.length() == 40;
    MessageDigest hash = algorithm(git ? "SHA-1" : "SHA-256");
    if (git) {
      hash.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(hash.digest()).equals(hex);
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + name, e);
    }
  }
}
