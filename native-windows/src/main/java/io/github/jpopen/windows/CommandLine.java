package io.github.jpopen.windows;

import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.Raw;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is executed, and its command line.
 *
 * @param file the file to execute; searched for if it is only a name
 * @param display its name for messages
 * @param text the command line
 */
record CommandLine(String file, String display, String text) {
  /** What CreateProcessW takes, in UTF-16 units without the NUL. */
  static final int LONGEST = 32_766;

  private static final String FOR_SHELL = "\"%!^&|<>\r\n";

  /**
   * Makes the command line of a request.
   *
   * @param shell the path of cmd.exe
   * @throws IllegalArgumentException if it is too long, or a batch file, or has an argument for
   *     cmd.exe that would become part of the script
   * @throws UnsupportedOperationException if an argument was given as bytes
   */
  static CommandLine of(SpawnRequest request, String shell) {
    List<String> arguments = new ArrayList<>();
    for (Argument argument : request.command()) {
      if (argument instanceof Raw) {
        throw new UnsupportedOperationException("rawArg does not work on Windows");
      }
      arguments.add(argument.display());
    }
    Path executable = request.executable();
    CommandLine line =
        request.shell()
            ? ofShell(arguments, executable == null ? shell : executable.toString(), shell)
            : ofProgram(arguments, executable);
    if (line.text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "command line is " + line.text.length() + " UTF-16 units, limit " + LONGEST);
    }
    BatchFiles.refuse(line.file);
    if (line.file.indexOf('"') >= 0) {
      throw new IllegalArgumentException("the program's path contains '\"'");
    }
    return line;
  }

  private static CommandLine ofProgram(
      List<String> arguments, @org.jspecify.annotations.Nullable Path executable) {
    String file = executable == null ? arguments.getFirst() : executable.toString();
    return new CommandLine(file, file, CommandQuoting.join(arguments));
  }

  // cmd.exe knows nothing of the quoting that programs undo: it runs and expands what it finds.
  private static void checkForShell(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      if (FOR_SHELL.indexOf(argument.charAt(i)) >= 0) {
        throw new IllegalArgumentException(
            "an argument of a script has a character at index "
                + i
                + " that cmd.exe would not take as it is: one of \"%!^&|<> or a line break");
      }
    }
  }

  // As Python does: the script goes to cmd.exe as it is, between quotes that cmd.exe takes away.
  private static CommandLine ofShell(List<String> arguments, String file, String shell) {
    StringBuilder script = new StringBuilder(arguments.getFirst());
    List<String> rest = arguments.subList(1, arguments.size());
    rest.forEach(CommandLine::checkForShell);
    CommandQuoting.appendAll(script, rest);
    String program = CommandQuoting.join(List.of(file));
    return new CommandLine(file, shell, program + " /c \"" + script + "\"");
  }
}
