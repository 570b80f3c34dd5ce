package dev.jandaia.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.family.Config;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.op.Compute;
import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The decode loop on small recorded models. */
class GeneratorTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void aBatchGivesWhatEachPromptGivesAlone() {
    with(
        "llama32",
        generator -> {
          List<int[]> prompts =
              List.of(new int[] {1, 2, 3}, new int[] {7}, new int[] {4, 4, 9, 9, 5});
          GenerationOptions options = GenerationOptions.greedy(9);
          List<Completion> together =
              generator.generate(prompts, options, TokenSink.ALL).completions();
          for (int i = 0; i < prompts.size(); i++) {
            int[] alone = tokens(generator, prompts.get(i), options);
            assertArrayEquals(alone, together.get(i).tokens());
            assertEquals(9, alone.length);
          }
        });
  }

  @Test
  void theSameSeedGivesTheSameTokensAndAnotherSeedOthers() {
    with(
        "llama32",
        generator -> {
          GenerationOptions options =
              GenerationOptions.greedy(20).withSampler(SamplerChain.temperature(1.5f));
          int[] prompt = {1, 2, 3};
          int[] first = tokens(generator, prompt, options.withSeed(1));
          assertArrayEquals(first, tokens(generator, prompt, options.withSeed(1)));
          assertEquals(
              false,
              java.util.Arrays.equals(first, tokens(generator, prompt, options.withSeed(2))));
        });
  }

  @Test
  void aSequenceThatContinuesReadsOnlyWhatIsNew() {
    with(
        "gemma3_text",
        generator -> {
          GenerationOptions options = GenerationOptions.greedy(4);
          TokenSequence sequence = generator.newSequence();
          int[] prompt = {1, 2, 3, 4, 5, 6};
          int[] first =
              generator
                  .continueSequence(sequence, prompt, options, TokenSink.ALL)
                  .completions()
                  .getFirst()
                  .tokens();
          int[] longer = java.util.Arrays.copyOf(prompt, 12);
          System.arraycopy(first, 0, longer, 6, 4);
          longer[10] = 8;
          longer[11] = 9;
          Generation second = generator.continueSequence(sequence, longer, options, TokenSink.ALL);
          // the last sampled token has not been through the model
          assertEquals(3, second.timings().promptTokens());
          assertArrayEquals(
              tokens(generator, longer, options), second.completions().getFirst().tokens());
        });
  }

  @Test
  void completionsEndForTheReasonsTheyName() {
    with(
        "llama32",
        generator -> {
          GenerationOptions options = GenerationOptions.greedy(9);
          int[] prompt = {1, 2, 3};
          int[] free = tokens(generator, prompt, options);
          Completion ended =
              generator
                  .generate(List.of(prompt), options.withEndTokens(Set.of(free[3])), TokenSink.ALL)
                  .completions()
                  .getFirst();
          assertEquals(FinishReason.STOP, ended.reason());
          assertEquals(first(free, free[3]), ended.tokens().length);
          Completion none =
              generator
                  .generate(List.of(prompt), options.withMaxTokens(0), TokenSink.ALL)
                  .completions()
                  .getFirst();
          assertEquals(FinishReason.LENGTH, none.reason());
          assertEquals(0, none.tokens().length);
          Completion cancelled =
              generator
                  .generate(List.of(prompt), options, (_, _) -> TokenSink.Verdict.CANCEL)
                  .completions()
                  .getFirst();
          assertEquals(FinishReason.CANCELLED, cancelled.reason());
        });
  }

  @Test
  void learnedPositionsEndACompletion() {
    with(
        "gpt2",
        generator -> {
          int[] prompt = new int[60];
          Completion completion =
              generator
                  .generate(List.of(prompt), GenerationOptions.greedy(50), TokenSink.ALL)
                  .completions()
                  .getFirst();
          assertEquals(FinishReason.LENGTH, completion.reason());
          // 64 positions hold 60 and 4 more; the token after the last position is still known
          assertEquals(5, completion.tokens().length);
        });
  }

  @Test
  void anEmptyPromptIsRefused() {
    with(
        "llama32",
        generator ->
            assertThrows(
                JandaiaException.class,
                () ->
                    generator.generate(
                        List.of(new int[0]), GenerationOptions.greedy(1), TokenSink.ALL)));
  }

  private static int first(int[] tokens, int wanted) {
    int i = 0;
    while (tokens[i] != wanted) {
      i++;
    }
    return i;
  }

  private static int[] tokens(Generator generator, int[] prompt, GenerationOptions options) {
    return generator
        .generate(List.of(prompt), options, TokenSink.ALL)
        .completions()
        .getFirst()
        .tokens();
  }

  private static void with(String golden, Consumer<Generator> test) {
    Path directory = GOLDEN.resolve(golden);
    Config config = Config.read(directory.resolve("config.json"));
    try (LoadedModel loaded = LoadedModel.openDirectory(directory, config, Kernels.best());
        Workers workers = Workers.of(2)) {
      test.accept(new Generator(loaded.model(), new Compute(Kernels.best(), workers)));
    }
  }
}
