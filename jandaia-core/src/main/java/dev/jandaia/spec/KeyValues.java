package dev.jandaia.spec;

/** Where the keys and values of an attention layer come from. */
public sealed interface KeyValues {
  KeyValues PROJECTED = new Projected();

  /** Keys and values are projected, each by a matrix of its own. */
  record Projected() implements KeyValues {}

  /**
   * K = V: the values are the projected keys before their norm and RoPE (Gemma 4's layers without a
   * window). There is no value matrix.
   */
  record KeysOnly() implements KeyValues {}

  /**
   * Those of an earlier layer, as that layer attends to them (Gemma 3n). There is neither a key nor
   * a value matrix, and nothing more to remember.
   *
   * @param layer index of the earlier layer
   */
  record OfLayer(int layer) implements KeyValues {
    public OfLayer {
      Check.atLeast("attention.keyValues.layer", 0, layer);
    }
  }
}
