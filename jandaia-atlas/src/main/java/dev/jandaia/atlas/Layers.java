package dev.jandaia.atlas;

import dev.jandaia.atlas.text.BlockText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The kinds of layers of several models in words, each phrase marked when it is not common to all
 * models.
 *
 * @param models the kinds of each model
 */
public record Layers(List<List<Kind>> models) {

  /**
   * Equal layers of one model.
   *
   * @param letter A, B, ... in order of appearance
   * @param count how many layers
   * @param mixer how tokens look at each other, the kind first
   * @param feedForward what happens to each token alone, the kind first
   * @param residual how the two are wired
   */
  public record Kind(
      String letter, int count, List<Phrase> mixer, List<Phrase> feedForward, Phrase residual) {}

  /**
   * A few words about a layer.
   *
   * @param differs whether some other model has no layer of which the same is said
   */
  public record Phrase(String text, boolean differs) {}

  /** The layers of several models. */
  public static Layers of(List<Subject> subjects) {
    List<Set<String>> said = subjects.stream().map(Layers::phrases).toList();
    return new Layers(
        subjects.stream()
            .map(subject ->
                LayerKind.of(subject.spec()).stream().map(kind -> kind(kind, said)).toList())
            .toList());
  }

  private static Kind kind(LayerKind kind, List<Set<String>> said) {
    return new Kind(
        kind.letter(),
        kind.layers(),
        marked(BlockText.mixer(kind.block().mixer()), said),
        marked(BlockText.feedForward(kind.block().feedForward()), said),
        marked(List.of(BlockText.residual(kind.block().residual())), said).getFirst());
  }

  private static List<Phrase> marked(List<String> texts, List<Set<String>> said) {
    return texts.stream()
        .map(text -> new Phrase(text, !said.stream().allMatch(phrases -> phrases.contains(text))))
        .toList();
  }

  private static Set<String> phrases(Subject subject) {
    Set<String> phrases = new HashSet<>();
    subject.spec().blocks().forEach(block -> phrases.addAll(BlockText.parts(block)));
    return phrases;
  }
}
