package dev.jandaia.op;

/**
 * The geometry of {@link DeltaRule}.
 *
 * @param keyHeads heads of queries and keys
 * @param valueHeads heads of values and of the state; value head h uses key head
 *     ⌊h·keyHeads/valueHeads⌋
 * @param keyDim elements of a query or key head
 * @param valueDim elements of a value head
 * @param decayDim factors per value head: 1 for the whole state, or keyDim, one for each of its
 *     rows
 */
public record DeltaShape(int keyHeads, int valueHeads, int keyDim, int valueDim, int decayDim) {

  public DeltaShape {
    if (valueHeads % keyHeads != 0 || (decayDim != 1 && decayDim != keyDim)) {
      throw new IllegalArgumentException(
          "delta rule: %d key and %d value heads, %d decay factors for keys of %d"
              .formatted(keyHeads, valueHeads, decayDim, keyDim));
    }
  }

  int keyHead(int valueHead) {
    return valueHead / (valueHeads / keyHeads);
  }

  /** Elements of one head's state. */
  int stateSize() {
    return keyDim * valueDim;
  }

  /** How far the decay factor of row i lies from that of row 0. */
  int decayStep() {
    return decayDim == 1 ? 0 : 1;
  }
}
