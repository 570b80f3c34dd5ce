package dev.jandaia.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups what can be trained. */
@Command(
    name = "train",
    description = "Train a model from nothing.",
    mixinStandardHelpOptions = true,
    subcommands = {TrainArithmeticCommand.class},
    synopsisSubcommandLabel = "TASK",
    footerHeading = "%nExamples:%n",
    footer = {"  jandaia train arithmetic --out runs/mine --steps 3000"})
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Without a task: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
