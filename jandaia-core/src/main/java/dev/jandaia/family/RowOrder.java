package dev.jandaia.family;

/**
 * An order of the rows of queries and keys. Two conventions pair the elements that RoPE rotates:
 * those half a head apart, or neighbours; from one to the other the rows of each head change
 * places.
 *
 * @param headDim rows of a head; 0 for rows that stay where they are
 * @param rotaryDim how many of them, from the first on, are rotated
 * @param toNeighbours from halves to neighbours, rather than back
 */
public record RowOrder(int headDim, int rotaryDim, boolean toNeighbours) {
  public static final RowOrder KEPT = new RowOrder(0, 0, false);

  /** Where row {@code row} goes. */
  public int of(int row) {
    int within = headDim == 0 ? 0 : row % headDim;
    if (within >= rotaryDim) {
      return row;
    }
    int half = rotaryDim / 2;
    int moved = toNeighbours ? 2 * (within % half) + within / half : within / 2 + within % 2 * half;
    return row - within + moved;
  }
}
