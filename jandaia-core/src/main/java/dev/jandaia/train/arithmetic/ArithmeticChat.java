package dev.jandaia.train.arithmetic;

import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Compute;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.train.GreedyDecoder;
import java.util.ArrayList;
import java.util.List;

/** Asks a model questions and reads its answers, greedily and many at a time. */
public final class ArithmeticChat {
  private static final int LONGEST_ANSWER = 80;
  private static final int SIDE_BY_SIDE = 128;

  private final ArithmeticTokens tokens = new ArithmeticTokens();
  private final GreedyDecoder decoder;

  public ArithmeticChat(LanguageModel model, Compute compute) {
    decoder =
        new GreedyDecoder(model, compute, tokens.tokenizer().endOfGeneration(), LONGEST_ANSWER);
  }

  /** The answer to each question. */
  public List<String> answers(List<String> questions) {
    Tokenizer tokenizer = tokens.tokenizer();
    List<String> answers = new ArrayList<>();
    for (int from = 0; from < questions.size(); from += SIDE_BY_SIDE) {
      List<String> some = questions.subList(from, Math.min(questions.size(), from + SIDE_BY_SIDE));
      decoder.complete(some.stream().map(tokens::prompt).toList()).stream()
          .map(tokenizer::decode)
          .forEach(answers::add);
    }
    return answers;
  }

  /** How the model does on problems asked plainly. */
  public Score score(List<Problem> problems) {
    return Score.of(problems, answers(problems.stream().map(Problem::question).toList()));
  }
}
