package dev.jandaia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.TokenSink;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CrossEntropy;
import dev.jandaia.op.Matrix;
import dev.jandaia.tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small model that was really trained, from both kinds of files: every text, id and the
 * perplexity that the reference recorded.
 */
class DreamsTest {
  private static final String GGUF = "dreams-260k-f32.gguf";

  @Test
  void promptsBecomeTheRecordedIdsAndTexts() throws IOException {
    Path directory = directory();
    try (TextModel model = Jandaia.load(directory.resolve(GGUF))) {
      for (JsonNode row : expected(directory).path("cases")) {
        String prompt = row.path("prompt").asString();
        assertArrayEquals(
            ids(row.path("prompt_ids")), model.tokenizer().encode(prompt, Specials.PROMPT), prompt);
        int[] greedy = ids(row.path("greedy_ids"));
        Reply reply = model.complete(prompt, GenerationOptions.greedy(greedy.length), _ -> {});
        assertArrayEquals(greedy, reply.tokens(), prompt);
        assertEquals(row.path("text").asString(), reply.text(), prompt);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GGUF, "hf"})
  void bothFilesContinueByTheRecordedIds(String file) throws IOException {
    Path directory = directory();
    try (TextModel model = Jandaia.load(directory.resolve(file))) {
      List<int[]> prompts = new ArrayList<>();
      List<int[]> greedy = new ArrayList<>();
      for (JsonNode row : expected(directory).path("cases")) {
        prompts.add(ids(row.path("prompt_ids")));
        greedy.add(ids(row.path("greedy_ids")));
      }
      var options = GenerationOptions.greedy(greedy.getFirst().length);
      var completions = model.generator().generate(prompts, options, TokenSink.ALL).completions();
      for (int i = 0; i < prompts.size(); i++) {
        assertArrayEquals(greedy.get(i), completions.get(i).tokens());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GGUF, "hf"})
  void theTextHasTheRecordedPerplexity(String file) throws IOException {
    Path directory = directory();
    JsonNode recorded = expected(directory).path("perplexity");
    int[] ids = ids(recorded.path("ids"));
    try (TextModel model = Jandaia.load(directory.resolve(file))) {
      double actual = meanNegativeLogLikelihood(model.loaded(), model.compute(), ids);
      assertEquals(recorded.path("mean_nll").asDouble(), actual, 1e-5);
    }
  }

  private static double meanNegativeLogLikelihood(LoadedModel loaded, Compute compute, int[] ids) {
    LanguageModel model = loaded.model();
    Batch batch = new Batch();
    batch.add(SequenceCache.none(model.spec()), ids, 0, ids.length);
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    int[] next = new int[ids.length];
    System.arraycopy(ids, 1, next, 0, ids.length - 1);
    next[ids.length - 1] = CrossEntropy.IGNORE;
    return CrossEntropy.apply(compute, model.logits(compute, hidden), next);
  }

  private static JsonNode expected(Path directory) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(directory.resolve("expected.json")));
  }

  private static int[] ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    assertTrue(ids.length > 0);
    return ids;
  }

  private static Path directory() {
    Path directory = Path.of("../../shared/models/dreams-260k");
    if (!Files.exists(directory)) {
      System.out.println(
          "shared/models is not there: the trained model was NOT compared ("
              + Kernels.describe()
              + ")");
      abort("no " + directory);
    }
    return directory;
  }
}
