package dev.jandaia.tokenizer;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tokens play which part.
 *
 * @param prefix the ids put before a prompt
 * @param suffix the ids put after a prompt
 * @param endOfGeneration the ids after which generation stops
 */
record Roles(
    OptionalInt bos,
    OptionalInt eos,
    OptionalInt unknown,
    OptionalInt padding,
    List<Integer> prefix,
    List<Integer> suffix,
    Set<Integer> endOfGeneration) {

  /** Names by which published models call the tokens that end a turn, a message or a file. */
  static final List<String> STOP_NAMES =
      List.of(
          "<|eot_id|>",
          "<|eom_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|calls|>",
          "<|flush|>",
          "<end_of_turn>",
          "<turn|>",
          "<|tool_response>",
          "<eos>",
          "</s>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
          "[e~[",
          "<|fim_pad|>",
          "<fim-pad>",
          "<fim_pad>",
          "<|fim_repo|>",
          "<|repo_name|>",
          "<fim-repo>",
          "<reponame>",
          "<|file_sep|>");

  /** All of {@code known} and of the stop names in the vocabulary, in order. */
  static Set<Integer> stops(Vocabulary vocabulary, Collection<Integer> known) {
    Set<Integer> stops = vocabulary.present(STOP_NAMES);
    stops.removeIf(id -> !vocabulary.isSpecial(id));
    // Where turns are made of several messages, <|end|> ends only one of them.
    if (has(vocabulary, stops, "<|return|>", "<|call|>")
        || has(vocabulary, stops, "<|flush|>", "<|calls|>")) {
      vocabulary.lookup("<|end|>").ifPresent(stops::remove);
    }
    if (has(vocabulary, stops, "<|tool_response>", "</s>")) {
      vocabulary.lookup("</s>").ifPresent(stops::remove);
    }
    Set<Integer> all = new TreeSet<>(stops);
    all.addAll(known);
    all.removeIf(id -> id < 0 || id >= vocabulary.size());
    return all;
  }

  private static boolean has(Vocabulary vocabulary, Set<Integer> stops, String... names) {
    return stops.containsAll(vocabulary.present(List.of(names)))
        && vocabulary.present(List.of(names)).size() == names.length;
  }
}
