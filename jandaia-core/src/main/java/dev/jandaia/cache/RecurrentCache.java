package dev.jandaia.cache;

import java.util.Arrays;

/**
 * What a linear attention layer remembers: a matrix per head, and the last inputs of its
 * convolutions. Its size does not depend on the context. Layers update both in place, so that a
 * token allocates nothing, and the past can only be brought back from a copy.
 */
public final class RecurrentCache implements LayerCache {
  private static final RecurrentCache NONE = new RecurrentCache(false, 0, 0);

  private final boolean remembers;
  private final float[] state;
  private final float[] convolution;
  private int end;

  private RecurrentCache(boolean remembers, int stateElements, int convolutionElements) {
    this.remembers = remembers;
    this.state = new float[stateElements];
    this.convolution = new float[convolutionElements];
  }

  /**
   * An empty memory: all zeros.
   *
   * @param stateElements elements of the matrices of all heads
   * @param convolutionElements elements of the inputs that convolutions look back at
   */
  public static RecurrentCache of(int stateElements, int convolutionElements) {
    return new RecurrentCache(true, stateElements, convolutionElements);
  }

  /** Remembers nothing: every sequence begins with zeros and leaves no trace. */
  static RecurrentCache none() {
    return NONE;
  }

  /** Whether there is anything to read and to update; if not, the past is all zeros. */
  public boolean remembers() {
    return remembers;
  }

  /** The matrices, {@code [heads, keyDim, valueDim]}; for layers to update in place. */
  public float[] state() {
    return state;
  }

  /**
   * The last inputs of each convolution, one convolution after another, each {@code [width − 1,
   * channels]} with the latest input last; for layers to update in place.
   */
  public float[] convolution() {
    return convolution;
  }

  /** Notes that the state has taken in {@code count} further positions. */
  public void advance(int count) {
    end += remembers ? count : 0;
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public boolean canTruncate(int newEnd) {
    return newEnd == end || newEnd == 0 || !remembers;
  }

  @Override
  public void truncate(int newEnd) {
    if (!canTruncate(newEnd)) {
      throw new IllegalStateException(
          "truncate to %d: a recurrent state at %d can only stay or begin anew"
              .formatted(newEnd, end));
    }
    if (remembers && newEnd == 0) {
      Arrays.fill(state, 0);
      Arrays.fill(convolution, 0);
      end = 0;
    }
  }

  /** Takes over the memory of a cache of the same layer. */
  void restore(RecurrentCache earlier) {
    System.arraycopy(earlier.state, 0, state, 0, state.length);
    System.arraycopy(earlier.convolution, 0, convolution, 0, convolution.length);
    end = earlier.end;
  }

  @Override
  public RecurrentCache fork() {
    RecurrentCache copy = new RecurrentCache(remembers, state.length, convolution.length);
    copy.restore(this);
    return copy;
  }

  @Override
  public long bytes() {
    return ((long) state.length + convolution.length) * Float.BYTES;
  }
}
