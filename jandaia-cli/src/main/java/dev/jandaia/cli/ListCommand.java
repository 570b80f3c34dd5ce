package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.hub.CachedModel;
import dev.jandaia.hub.HubCache;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia list}: the models that were pulled. */
@Command(
    name = "list",
    description = {
      "List the models in the local cache.",
      "The cache is that of the huggingface tools: HF_HUB_CACHE, or HF_HOME/hub."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  jandaia list")
final class ListCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Override
  public void run() {
    HubCache cache = new HubCache(main.surroundings().hub().get().cache());
    List<CachedModel> models = CachedModel.list(cache);
    if (models.isEmpty()) {
      command
          .commandLine()
          .getErr()
          .printf("no models in %s; jandaia pull ORG/NAME fetches one%n", cache.root());
      return;
    }
    TextTable table = new TextTable().row("MODEL", "REVISION", "FILES", "SIZE");
    for (CachedModel model : models) {
      String broken = model.broken().isEmpty() ? "" : " (" + model.broken().size() + " missing)";
      table.row(
          model.repo().name(),
          model.refs().isEmpty() ? model.commit().substring(0, 8) : String.join(",", model.refs()),
          model.files().size() + broken,
          Amounts.bytes(model.bytes()));
    }
    PrintWriter out = command.commandLine().getOut();
    table.lines("").forEach(out::println);
  }
}
