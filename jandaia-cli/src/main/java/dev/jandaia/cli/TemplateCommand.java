package dev.jandaia.cli;

import dev.jandaia.template.ChatTemplate;
import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code jandaia template}: the text that a chat template makes of a conversation. */
@Command(
    name = "template",
    description = {
      "Render a chat template; print exactly its text, with no line end added.",
      "ROW.json is an object with messages and whatever else the template reads:"
          + " add_generation_prompt, tools, bos_token, ..."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  jandaia template chat_template.jinja --row row.json")
final class TemplateCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "FILE.jinja", description = "The template.")
  private Path template;

  @Option(
      names = "--row",
      required = true,
      paramLabel = "ROW.json",
      description = "The template's variables.")
  private Path row;

  @Override
  public void run() {
    String source = TextInput.read(template, main.surroundings().in());
    JsonNode variables = JsonFile.read(row);
    if (!variables.isObject()) {
      throw new JandaiaException(
          "%s: expected a JSON object, found %s"
              .formatted(row, variables.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
    ChatTemplate parsed = ChatTemplate.parse(template.toString(), source);
    command.commandLine().getOut().print(parsed.render(variables));
  }
}
