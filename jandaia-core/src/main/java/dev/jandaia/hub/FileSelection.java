package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files of a repository a pull fetches. */
final class FileSelection {
  /** Configuration, tokenizer, templates and their licence, next to the weights. */
  private static final Pattern TEXTS =
      Pattern.compile(
          "[^/]+\\.(json|jinja|txt|model|tiktoken|md)|(LICENSE|NOTICE)[^/]*"
              + "|additional_chat_templates/[^/]+\\.jinja");

  private static final Pattern FOREIGN_INDEX =
      Pattern.compile("(pytorch_model|tf_model|flax_model).*\\.json");
  private static final Pattern SAFETENSORS = Pattern.compile("[^/]+\\.safetensors");
  private static final Pattern MAIN_WEIGHTS =
      Pattern.compile("model(-\\d+-of-\\d+)?\\.safetensors");
  private static final Pattern SECOND_COPY = Pattern.compile("consolidated.*\\.safetensors");
  private static final Pattern PICKLES = Pattern.compile(".*\\.(bin|pth|pt|ckpt|msgpack|h5)");
  private static final int MOST_SHOWN = 20;

  private FileSelection() {}

  /**
   * The files that match any of the patterns; without patterns, the safetensors model at the top.
   */
  static List<RepoFile> select(RepoId repo, List<RepoFile> files, List<String> patterns) {
    return patterns.isEmpty() ? standard(repo, files) : matching(repo, files, patterns);
  }

  private static List<RepoFile> matching(RepoId repo, List<RepoFile> files, List<String> patterns) {
    List<Pattern> globs = patterns.stream().map(Globs::compile).toList();
    for (int i = 0; i < globs.size(); i++) {
      if (files.stream().noneMatch(named(globs.get(i)))) {
        throw new JandaiaException(
            "%s: no file matches \"%s\"; it has %s"
                .formatted(repo, patterns.get(i), listed(files.stream())));
      }
    }
    return files.stream()
        .filter(file -> globs.stream().anyMatch(glob -> named(glob).test(file)))
        .toList();
  }

  private static List<RepoFile> standard(RepoId repo, List<RepoFile> files) {
    boolean hasMain = files.stream().anyMatch(named(MAIN_WEIGHTS));
    List<RepoFile> weights =
        files.stream()
            .filter(named(SAFETENSORS))
            .filter(file -> !hasMain || !named(SECOND_COPY).test(file))
            .toList();
    if (weights.isEmpty()) {
      refuseOtherWeights(repo, files);
    }
    List<RepoFile> texts =
        files.stream().filter(named(TEXTS)).filter(named(FOREIGN_INDEX).negate()).toList();
    if (weights.isEmpty() && texts.isEmpty()) {
      throw new JandaiaException(
          "%s: nothing to pull by default; choose with --file among %s"
              .formatted(repo, listed(files.stream())));
    }
    return Stream.concat(texts.stream(), weights.stream()).toList();
  }

  private static void refuseOtherWeights(RepoId repo, List<RepoFile> files) {
    if (files.stream().anyMatch(file -> file.path().endsWith(".gguf"))) {
      throw new JandaiaException(
          "%s has only GGUF weights; choose with --file, a name or a pattern like '*Q4_K_M*': %s"
              .formatted(repo, listed(files.stream().filter(f -> f.path().endsWith(".gguf")))));
    }
    if (files.stream().anyMatch(named(PICKLES))) {
      throw new JandaiaException(
          "%s: expected safetensors or GGUF weights, found only %s"
              .formatted(repo, listed(files.stream().filter(named(PICKLES)))));
    }
  }

  private static Predicate<RepoFile> named(Pattern pattern) {
    return file -> pattern.matcher(file.path()).matches();
  }

  private static String listed(Stream<RepoFile> files) {
    List<RepoFile> all = files.toList();
    String shown =
        String.join(", ", all.stream().limit(MOST_SHOWN).map(FileSelection::withSize).toList());
    int more = all.size() - MOST_SHOWN;
    return all.isEmpty() ? "no files" : more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static String withSize(RepoFile file) {
    return file.size().isPresent()
        ? "%s (%s)".formatted(file.path(), Bytes.text(file.size().getAsLong()))
        : file.path();
  }
}
