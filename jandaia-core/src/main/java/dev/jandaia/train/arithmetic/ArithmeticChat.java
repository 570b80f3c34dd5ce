package dev.jandaia.train.arithmetic;

import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.Generator;
import dev.jandaia.generate.TokenSink;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Compute;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Asks a model questions and reads its answers, greedily and many at a time. */
public final class ArithmeticChat {
  private static final int LONGEST_ANSWER = 80;
  private static final int SIDE_BY_SIDE = 128;

  private final ArithmeticTokens tokens = new ArithmeticTokens();
  private final Generator generator;
  private final GenerationOptions options;

  public ArithmeticChat(LanguageModel model, Compute compute) {
    generator = new Generator(model, compute);
    options =
        GenerationOptions.greedy(LONGEST_ANSWER)
            .withEndTokens(tokens.tokenizer().endOfGeneration());
  }

  /** The answer to each question. */
  public List<String> answers(List<String> questions) {
    Tokenizer tokenizer = tokens.tokenizer();
    List<String> answers = new ArrayList<>();
    for (int from = 0; from < questions.size(); from += SIDE_BY_SIDE) {
      int to = Math.min(questions.size(), from + SIDE_BY_SIDE);
      List<int[]> prompts = questions.subList(from, to).stream().map(tokens::prompt).toList();
      generator
          .generate(prompts, options, TokenSink.ALL)
          .completions()
          .forEach(completion -> answers.add(tokenizer.decode(completion.tokens())));
    }
    return answers;
  }

  /** How the model does on problems asked plainly. */
  public Score score(List<Problem> problems) {
    return Score.of(problems, answers(problems.stream().map(Problem::question).toList()));
  }
}
