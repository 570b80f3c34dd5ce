package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text from files and standard input: UTF-8, nothing trimmed, nothing replaced. */
final class TextInput {
  private static final Path STANDARD_INPUT = Path.of("-");

  private TextInput() {}

  /** The text of a file; {@code -} is standard input. */
  static String read(Path file, InputStream standardInput) {
    try {
      return file.equals(STANDARD_INPUT)
          ? read(standardInput)
          : decode(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of standard input. */
  static String read(InputStream standardInput) {
    try {
      return decode("standard input", standardInput.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String decode(String source, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      throw new JandaiaException(
          "%s: expected UTF-8 text, found a wrong byte at offset %d"
              .formatted(source, in.position()),
          e);
    }
    return out.flip().toString();
  }
}
