package dev.jandaia.cli;

import dev.jandaia.cache.CacheType;
import dev.jandaia.generate.Completion;
import dev.jandaia.generate.Generation;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.Generator;
import dev.jandaia.generate.TokenSink;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.kernel.Kernels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia generate}: from token ids to token ids. */
@Command(
    name = "generate",
    description = {
      "Continue rows of token ids; print the new ids, one line per row.",
      "The ids are separated by spaces. Nothing ends a row before N ids."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia generate model.gguf --ids 1,2,3 -n 16 --greedy",
      "  jandaia generate ORG/NAME --ids 1,2,3 --ids 4,5 -n 8 --temp 0.7 --seed 42"
    })
final class GenerateCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", description = ModelPaths.DESCRIPTION)
  private String model;

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "IDS",
      description = "Token ids, separated by commas or spaces. Repeat it for a batch.")
  private List<String> ids;

  @Option(
      names = {"-n", "--predict"},
      paramLabel = "N",
      description = "Ids to generate (128).")
  private int count = 128;

  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private EngineOptions engineOptions = new EngineOptions();
  @Mixin private CacheOptions cacheOptions = new CacheOptions();

  @Override
  public void run() {
    List<int[]> rows = ids.stream().map(TokenRows::parse).toList();
    CacheType type = cacheOptions.type();
    Path path = main.locate(model);
    SamplerChain chain = sampling.chain(Preferences.of(path));
    PrintWriter err = command.commandLine().getErr();
    try (Engine engine = Engine.open(path, Kernels.fastest(), engineOptions.threads(), err)) {
      TokenRows.requireKnown(engine.loaded().spec(), rows.toArray(int[][]::new));
      // the last token is printed, but never read
      rows.forEach(row -> engine.requireRoom(row.length + count - 1));
      GenerationOptions options =
          GenerationOptions.greedy(Require.atLeast("-n", 0, count))
              .withSampler(chain)
              .withSeed(sampling.seed());
      Generator generator = new Generator(engine.loaded().model(), engine.compute());
      generator.cacheType(type);
      Generation generation = generator.generate(rows, options, TokenSink.ALL);
      PrintWriter out = command.commandLine().getOut();
      for (Completion completion : generation.completions()) {
        out.println(TokenRows.line(completion.tokens()));
      }
    }
  }
}
