package dev.jandaia.atlas;

import dev.jandaia.atlas.text.LayerPattern;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.LayerCost;
import java.util.ArrayList;
import java.util.List;

/**
 * Equal layers of one model.
 *
 * @param letter A, B, ... in order of appearance
 * @param layers how many there are
 * @param first index of the first one
 * @param block what they are
 * @param cost of each
 */
record LayerKind(String letter, int layers, int first, BlockSpec block, LayerCost cost) {

  /** The kinds of layers of a model, in order of appearance. */
  static List<LayerKind> of(ModelSpec spec) {
    LayerPattern pattern = new LayerPattern(spec.blocks());
    List<LayerKind> kinds = new ArrayList<>();
    pattern
        .counts()
        .forEach((block, layers) ->
            kinds.add(
                new LayerKind(
                    pattern.letter(block),
                    layers,
                    spec.blocks().indexOf(block),
                    block,
                    LayerCost.of(block, spec.hiddenSize()))));
    return kinds;
  }
}
