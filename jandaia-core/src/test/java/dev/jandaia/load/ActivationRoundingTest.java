package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.convert.GgufConversion;
import dev.jandaia.convert.GgufMix;
import dev.jandaia.convert.Quantisation;
import dev.jandaia.convert.SyntheticModel;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.MachineCode;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the rounding of activations costs: a trained model's perplexity, and the divergence of a
 * random one's predictions, of machine code against exact products with the same weights.
 */
class ActivationRoundingTest {
  private static final Path DREAMS = Path.of("../../shared/models/dreams-260k");

  private static final String RANDOM =
      """
      {"model_type": "llama", "hidden_size": 512, "intermediate_size": 1024,
       "num_hidden_layers": 4, "num_attention_heads": 8, "num_key_value_heads": 2,
       "head_dim": 64, "vocab_size": 2000, "max_position_embeddings": 512,
       "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": false,
       "hidden_act": "silu"}
      """;

  @TempDir Path temporary;

  /** Predictions for a sequence, {@code [tokens, vocabulary]} log-probabilities. */
  private record Predictions(double[][] rows) {
    double meanNegativeLogLikelihood(int[] ids) {
      return IntStream.range(1, ids.length)
          .mapToDouble(t -> -rows[t - 1][ids[t]])
          .average()
          .orElseThrow();
    }

    /** The mean of Σ p·log(p/q) over positions. */
    double divergence(Predictions other) {
      double sum = 0;
      for (int t = 0; t < rows.length; t++) {
        for (int i = 0; i < rows[t].length; i++) {
          sum += Math.exp(rows[t][i]) * (rows[t][i] - other.rows[t][i]);
        }
      }
      return sum / rows.length;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "IQ4_NL", "F16", "BF16"})
  void aTrainedModelKeepsItsPerplexity(DType dtype) throws IOException {
    assumeTrue(Files.exists(DREAMS), "NOT RUN: shared/models is not there");
    Path file = temporary.resolve("dreams.gguf");
    new GgufConversion(new Quantisation(dtype), _ -> {})
        .convert(DREAMS.resolve("dreams-260k-f32.gguf"), file);
    JsonNode recorded =
        JsonMapper.shared().readTree(Files.readString(DREAMS.resolve("expected.json")));
    int[] ids =
        StreamSupport.stream(recorded.path("perplexity").path("ids").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    double exact = predictions(file, Kernels.best(), ids).meanNegativeLogLikelihood(ids);
    double rounded =
        predictions(file, MachineCode.forAllWeights(), ids).meanNegativeLogLikelihood(ids);
    System.out.printf(
        "dreams-260k %s: perplexity exact %.4f, machine code %.4f%n",
        dtype, Math.exp(exact), Math.exp(rounded));
    // One part in a hundred of the perplexity; the text is short, so single tokens show.
    assertEquals(exact, rounded, 0.01, "mean negative log-likelihood");
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_NL", "MXFP4", "BF16"})
  void aRandomModelSaysNearlyTheSame(GgufMix mix) {
    Path file = temporary.resolve("random.gguf");
    new SyntheticModel("random", Families.spec(Config.parse("random", RANDOM)), mix, 1)
        .write(file, _ -> {});
    int[] ids = new Random(2).ints(40, 0, 2000).toArray();
    double divergence =
        predictions(file, Kernels.best(), ids)
            .divergence(predictions(file, MachineCode.forAllWeights(), ids));
    System.out.printf("random model %s: divergence %.2e nats%n", mix, divergence);
    assertTrue(Math.abs(divergence) < 1e-3, "divergence " + divergence);
  }

  private static Predictions predictions(Path file, Kernels kernels, int[] ids) {
    try (LoadedModel loaded = LoadedModel.open(file, kernels);
        Workers workers = Workers.of(2)) {
      LanguageModel model = loaded.model();
      Compute compute = new Compute(kernels, workers);
      Batch batch = new Batch();
      batch.add(SequenceCache.none(model.spec()), ids, 0, ids.length);
      Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
      Matrix logits = model.logits(compute, hidden);
      double[][] rows = new double[ids.length][];
      for (int t = 0; t < ids.length; t++) {
        rows[t] = logProbabilities(logits, t);
      }
      return new Predictions(rows);
    }
  }

  private static double[] logProbabilities(Matrix logits, int row) {
    double[] values = new double[logits.cols()];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.data()[logits.offset(row) + i];
      sum += Math.exp(values[i]);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] -= Math.log(sum);
    }
    return values;
  }
}
