package dev.jandaia.train.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Chat;
import dev.jandaia.Jandaia;
import dev.jandaia.TextModel;
import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.op.Compute;
import dev.jandaia.train.SplitMix64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model in the jar, judged by the problems that it has never seen. */
class EmbeddedModelTest {
  private static final String RESOURCE = "/dev/jandaia/embedded/arithmetic.gguf";

  private static Workers workers;
  private static LoadedModel model;
  private static ArithmeticChat chat;

  @BeforeAll
  static void open() throws IOException {
    byte[] content;
    try (InputStream in = EmbeddedModelTest.class.getResourceAsStream(RESOURCE)) {
      content = in.readAllBytes();
    }
    assertTrue(content.length < 1_000_000, "bytes: " + content.length);
    // One thread: the model is so small that two would mostly wait for each other.
    workers = Workers.of(1);
    model = LoadedModel.openGguf(GgufFile.of(RESOURCE, content), Kernels.best());
    chat = new ArithmeticChat(model.model(), new Compute(Kernels.best(), workers));
  }

  @AfterAll
  static void close() {
    model.close();
    workers.close();
  }

  @Test
  void itIsTheModelOfTheRecipe() {
    assertEquals(List.of(), model.unread());
    assertEquals(ArithmeticModel.spec(), model.spec());
  }

  @Test
  void everyHeldOutProblemIsAskedAndNearlyAllAreExact() {
    Score score = chat.score(ProblemSplit.standard().heldOut());
    System.out.printf("held out: %d of %d exact%n", score.exact(), score.problems());
    score.misses().forEach(System.out::println);
    assertTrue(score.exactRate() >= 0.99, score::toString);
  }

  @Test
  void heldOutProblemsInManyPhrasingsAreSolved() {
    SplitMix64 random = new SplitMix64(11);
    List<Problem> heldOut = ProblemSplit.standard().heldOut();
    List<Problem> asked = new ArrayList<>();
    List<String> questions = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      asked.add(heldOut.get(random.nextInt(heldOut.size())));
      questions.add(Phrasing.ask(asked.get(i), random));
    }
    Score score = Score.of(asked, chat.answers(questions));
    assertTrue(score.exactRate() >= 0.99, score::toString);
  }

  @Test
  void aChatRemembersNothingAndNeedsNothing(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("copy.gguf");
    try (InputStream in = EmbeddedModelTest.class.getResourceAsStream(RESOURCE)) {
      Files.copy(in, file);
    }
    try (TextModel loaded = Jandaia.load(file)) {
      Chat talk = loaded.chat().options(loaded.defaults().withSampler(SamplerChain.greedy()));
      assertEquals("7+5=12 carry 1; 4+8+1=13; 132", talk.say("47+85"));
      assertEquals("4<8: 85-47; 15-7=8 borrow 1; 8-4-1=3; -38", talk.say(" 47 - 85 "));
    }
  }

  @Test
  void otherTalkIsDeclined() {
    List<String> others =
        List.of("hello", "Who are you?", "Write me a poem about the sea.", "123+456", "47*85", "7");
    for (String answer : chat.answers(others)) {
      assertEquals(OtherTalk.REPLY, answer);
    }
  }
}
