package dev.jandaia.train;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Completes many prompts side by side, always with the likeliest token: what evaluations need. */
public final class GreedyDecoder {
  private final LanguageModel model;
  private final Compute compute;
  private final Set<Integer> stops;
  private final int longest;

  /**
   * @param stops tokens that end a completion; they are not part of it
   * @param longest most tokens of a completion
   */
  public GreedyDecoder(LanguageModel model, Compute compute, Set<Integer> stops, int longest) {
    this.model = model;
    this.compute = compute;
    this.stops = Set.copyOf(stops);
    this.longest = longest;
  }

  /** The completion of each prompt. */
  public List<int[]> complete(List<int[]> prompts) {
    List<Sequence> all = prompts.stream().map(Sequence::new).toList();
    List<Sequence> running = new ArrayList<>(all);
    Batch batch = new Batch();
    for (int i = 0; i < longest && !running.isEmpty(); i++) {
      batch.clear();
      running.forEach(sequence -> sequence.enter(batch));
      int mark = compute.mark();
      Matrix logits = model.nextTokenLogits(compute, batch);
      for (int row = 0; row < logits.rows(); row++) {
        running.get(row).accept(likeliest(logits, row));
      }
      compute.release(mark);
      running.removeIf(sequence -> sequence.ended);
    }
    return all.stream().map(Sequence::completion).toList();
  }

  private static int likeliest(Matrix logits, int row) {
    int offset = logits.offset(row);
    int best = 0;
    for (int id = 1; id < logits.cols(); id++) {
      if (logits.data()[offset + id] > logits.data()[offset + best]) {
        best = id;
      }
    }
    return best;
  }

  private final class Sequence {
    private final SequenceCache cache = model.newSequence();
    private final int[] completion = new int[longest];
    private int[] next;
    private int length;
    private boolean ended;

    Sequence(int[] prompt) {
      next = prompt;
    }

    void enter(Batch batch) {
      batch.add(cache, next, 0, next.length);
    }

    void accept(int id) {
      ended = stops.contains(id);
      if (!ended) {
        completion[length++] = id;
        next = new int[] {id};
      }
    }

    int[] completion() {
      return Arrays.copyOf(completion, length);
    }
  }
}
