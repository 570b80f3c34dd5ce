package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one line on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int INTERRUPTED = 130;
  private static final Pattern GIVEN = Pattern.compile("=\\{([^}]*)\\}");

  private final BooleanSupplier debug;

  /**
   * Creates the handler.
   *
   * @param debug whether to print stack traces; asked only when an error is handled, because the
   *     option is known only after parsing
   */
  Failures(BooleanSupplier debug) {
    this.debug = debug;
  }

  @Override
  public int handleParseException(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    print(command, describeUsage(error) + hint(command), error);
    return ExitCode.USAGE;
  }

  private static String hint(CommandLine command) {
    return " (see " + command.getCommandSpec().qualifiedName() + " --help)";
  }

  @Override
  public int handleExecutionException(
      Exception error, CommandLine command, ParseResult parseResult) {
    if (error instanceof InterruptedException) {
      return INTERRUPTED;
    }
    if (error instanceof UsageException) {
      print(command, describe(error) + hint(command), error);
      return ExitCode.USAGE;
    }
    print(command, describe(error), error);
    return ExitCode.SOFTWARE;
  }

  /** An error that no command may recover from; picocli lets it through. */
  int handleError(Error error, CommandLine command) {
    String message =
        error instanceof OutOfMemoryError
            ? "out of memory: %s (limit %d MiB; JANDAIA_OPTS=-Xmx... raises it)"
                .formatted(error.getMessage(), Runtime.getRuntime().maxMemory() >> 20)
            : internal(error);
    print(command, message, error);
    return ExitCode.SOFTWARE;
  }

  private void print(CommandLine command, String message, Throwable error) {
    PrintWriter err = command.getErr();
    err.println("jandaia: " + message.strip().replaceAll("\\R\\s*", " "));
    if (debug.getAsBoolean()) {
      error.printStackTrace(err);
    }
  }

  private static String describeUsage(ParameterException error) {
    if (error instanceof MutuallyExclusiveArgsException
        || error instanceof MaxValuesExceededException) {
      return exclusive(error.getMessage());
    }
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return error.getMessage();
    }
    String kind = unmatched.isUnknownOption() ? "option " : "command or argument ";
    List<String> similar = unmatched.getSuggestions();
    return "unknown "
        + kind
        + String.join(" ", unmatched.getUnmatched())
        + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
  }

  /** Groups within groups are spelt out by picocli; what was given of them stands in braces. */
  private static String exclusive(String message) {
    List<String> given = GIVEN.matcher(message).results().map(match -> match.group(1)).toList();
    return given.isEmpty() ? message : "expected one of these: " + String.join(", ", given);
  }

  private static String describe(Exception error) {
    return switch (error) {
      case JandaiaException e -> e.getMessage();
      case UsageException e -> e.getMessage();
      case UncheckedIOException e -> describe(e.getCause());
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case IOException e -> e.toString();
      default -> internal(error);
    };
  }

  private static String internal(Throwable error) {
    return "internal error: " + error + " (please report it; --debug shows where)";
  }
}
