package dev.jandaia.op;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pass hands from one part of a model to later ones beside the residual stream: keys and
 * values that several layers attend to, and the vectors that layers get of their own. Its matrices
 * are taken before the first layer, so that they outlive the layers that fill them. Reusable.
 */
public final class Handover {
  private final List<Matrix> keys = new ArrayList<>();
  private final List<Matrix> values = new ArrayList<>();
  private final List<Integer> layers = new ArrayList<>();
  private final List<Matrix> inputs = new ArrayList<>();
  private MixerWatcher watcher = (layer, y) -> {};

  /** Looks at what the mixers of layers say. */
  public interface MixerWatcher {
    /**
     * @param y {@code [M, C]}, the output of a layer's mixer; valid only during the call
     */
    void mixed(int layer, Matrix y);
  }

  /** From now on every pass of this batch tells {@code other} what its mixers say. */
  public void watch(MixerWatcher other) {
    watcher = other;
  }

  /** Tells the watcher what the mixer of a layer said. */
  public void mixed(int layer, Matrix y) {
    watcher.mixed(layer, y);
  }

  /** Forgets the pass before. */
  public void clear() {
    keys.clear();
    values.clear();
    layers.clear();
    inputs.clear();
  }

  /** Makes room for the keys and values of a layer, {@code [M, G·D]} each. */
  public void share(int layer, Matrix roomForKeys, Matrix roomForValues) {
    layers.add(layer);
    keys.add(roomForKeys);
    values.add(roomForValues);
  }

  /** Whether later layers read the keys and values of this one. */
  public boolean isShared(int layer) {
    return layers.contains(layer);
  }

  /** The keys of a layer that shares them, as attention reads them. */
  public Matrix keys(int layer) {
    return keys.get(layers.indexOf(layer));
  }

  /** The values of a layer that shares them. */
  public Matrix values(int layer) {
    return values.get(layers.indexOf(layer));
  }

  /** Sets the vectors of all layers, {@code [M, L·P]}, layer after layer. */
  public void setInputs(Matrix vectors) {
    inputs.add(vectors);
  }

  /** The vectors of all layers. */
  public Matrix inputs() {
    return inputs.getFirst();
  }
}
