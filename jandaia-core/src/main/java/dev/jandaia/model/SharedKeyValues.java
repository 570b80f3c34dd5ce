package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Handover;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers whose keys and values later layers read too. Their caches take in the rows of a pass
 * only after the last reader: a window would drop what the first of many rows still look at.
 *
 * @param makers the layers, in order
 */
record SharedKeyValues(List<Maker> makers) {

  /** A layer and the width of its keys. */
  record Maker(int layer, int width) {}

  static SharedKeyValues of(ModelSpec spec) {
    List<Maker> makers = new ArrayList<>();
    for (var block : spec.blocks()) {
      if (block.mixer() instanceof GroupedQueryAttention reader
          && reader.keyValues() instanceof KeyValues.OfLayer(int layer)) {
        Maker maker = new Maker(layer, reader.keyValueWidth());
        if (!makers.contains(maker)) {
          makers.add(maker);
        }
      }
    }
    return new SharedKeyValues(List.copyOf(makers));
  }

  /** Makes room before the first layer. */
  void before(Compute compute, Batch batch) {
    for (int i = 0; i < makers.size(); i++) {
      Maker maker = makers.get(i);
      batch
          .handover()
          .share(
              maker.layer(),
              compute.take(batch.size(), maker.width()),
              compute.take(batch.size(), maker.width()));
    }
  }

  /** Lets the caches remember after the last layer. */
  void after(Batch batch) {
    Handover handover = batch.handover();
    for (int i = 0; i < makers.size(); i++) {
      int layer = makers.get(i).layer();
      Remember.rows(batch, layer, handover.keys(layer), handover.values(layer));
    }
  }
}
