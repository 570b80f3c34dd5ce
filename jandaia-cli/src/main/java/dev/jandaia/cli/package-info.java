/** The command line: one class per subcommand, and no arithmetic. */
package dev.jandaia.cli;
