package dev.jandaia.load;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.model.TrainableWeights;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CrossEntropy;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loss and gradients of a checkpoint on rows of token ids, under the checkpoint's own tensor names.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * The mean next-token cross entropy over all rows ({@code loss}, nats per token) and its gradient
   * for every learned tensor ({@code grad.<tensor name>}).
   *
   * @param rows token ids; each row is a sequence of at least two
   */
  public static List<TensorOutput> of(LoadedModel loaded, Compute compute, int[][] rows) {
    ModelSpec spec = loaded.spec().withoutPrediction();
    try (Arena arena = Arena.ofShared()) {
      Kernels kernels = compute.kernels();
      TrainableWeights weights =
          new TrainableWeights(TrainableWeights.Start.copyOf(loaded.weights()), kernels, arena);
      LanguageModel model = new LanguageModel(spec, weights);
      double loss = backward(model, compute, rows);
      Map<String, float[]> grads = new HashMap<>();
      weights.matrices().forEach(matrix -> grads.put(matrix.path(), matrix.grad()));
      weights.vectors().forEach(vector -> grads.put(vector.path(), vector.grad()));
      List<ParameterSpec> learned =
          Parameters.of(spec).stream().filter(ParameterSpec::learned).toList();
      List<TensorOutput> outputs = new ArrayList<>();
      outputs.add(TensorOutput.of("loss", Shape.of(), new float[] {(float) loss}));
      outputs.addAll(
          StoredTensors.arrange(
              spec, Families.of(spec.family()), learned, "grad.", p -> grads.get(p.path())));
      return outputs;
    }
  }

  private static double backward(LanguageModel model, Compute compute, int[][] rows) {
    Batch batch = new Batch();
    for (int[] row : rows) {
      if (row.length < 2) {
        throw new JandaiaException("ids: expected rows of at least 2 tokens, found " + row.length);
      }
      batch.add(SequenceCache.none(model.spec()), row, 0, row.length);
    }
    int mark = compute.mark();
    compute.startRecording();
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    Matrix logits = model.logits(compute, hidden);
    double loss = CrossEntropy.apply(compute, logits, nextTokens(batch));
    compute.backward(mark);
    return loss;
  }

  /** For each row of the batch the token that follows it; nothing follows a sequence's last. */
  static int[] nextTokens(Batch batch) {
    int[] targets = new int[batch.size()];
    for (int c = 0; c < batch.chunkCount(); c++) {
      Batch.Chunk chunk = batch.chunk(c);
      int last = chunk.firstRow() + chunk.rows() - 1;
      for (int row = chunk.firstRow(); row < last; row++) {
        targets[row] = batch.ids()[row + 1];
      }
      targets[last] = CrossEntropy.IGNORE;
    }
    return targets;
  }
}
