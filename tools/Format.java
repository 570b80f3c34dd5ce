import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Formats every Java file below the current directory, or checks that all of them are formatted.
 * The formatter takes only file names, hence this walk. Run by {@code mvn verify}; see
 * CONTRIBUTING.md.
 */
class Format {
  private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");

  public static void main(String[] args) throws Exception {
    List<String> arguments =
        switch (args[0]) {
          case "check" -> new ArrayList<>(List.of("--dry-run", "--set-exit-if-changed"));
          case "write" -> new ArrayList<>(List.of("--replace"));
          default -> throw new IllegalArgumentException("check or write, not " + args[0]);
        };
    arguments.addAll(javaFiles());
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    System.exit(exitCode);
  }

  private static List<String> javaFiles() throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        Path.of("."),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return SKIPPED.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
