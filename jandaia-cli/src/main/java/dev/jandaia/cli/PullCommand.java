package dev.jandaia.cli;

import dev.jandaia.hub.HubClient;
import dev.jandaia.hub.PullRequest;
import dev.jandaia.hub.PulledModel;
import dev.jandaia.hub.RepoId;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia pull}: fetches a model from the Hub. */
@Command(
    name = "pull",
    description = {
      "Fetch a model from the Hugging Face Hub into the local cache; print where it lies.",
      "An interrupted pull resumes. HF_TOKEN, HF_ENDPOINT, HF_HOME and the other usual variables"
          + " are respected."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia pull Qwen/Qwen3-0.6B",
      "  jandaia pull ORG/NAME-GGUF --file *Q4_K_M.gguf",
      "  jandaia pull ORG/NAME --revision v1.0 --file config.json --file *.safetensors"
    })
final class PullCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "ORG/NAME", description = "The model's name on the Hub.")
  private String model;

  @Option(
      names = "--file",
      paramLabel = "GLOB",
      description =
          "Fetch files of this name or pattern only (repeatable; quote it). By default: the"
              + " safetensors weights, configuration and tokenizer.")
  private List<String> files = List.of();

  @Option(
      names = "--revision",
      paramLabel = "R",
      description = "A branch, a tag or a commit (${DEFAULT-VALUE}).")
  private String revision = "main";

  @Override
  public void run() {
    PullRequest request = new PullRequest(new RepoId(model), revision, files);
    PrintWriter err = command.commandLine().getErr();
    boolean live = Terminal.showsProgress(main.surroundings());
    try (HubClient client = new HubClient(main.surroundings().hub().get())) {
      PulledModel pulled = client.pull(request, new PullProgress(err, live));
      command.commandLine().getOut().println(pulled.snapshot());
    }
  }
}
