package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.Raw;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program and its command line.
 *
 * @param file the file to execute; a name without a directory is searched for
 * @param display the name of the program in messages
 * @param text the command line
 */
record CommandLine(String file, String display, String text) {
  /** The most UTF-16 units that CreateProcessW accepts, without the NUL. */
  static final int LONGEST = 32_766;

  private static final String FOR_SHELL = "\"%!^&|<>\r\n";

  /**
   * Makes the command line of a request.
   *
   * @param shell the path of cmd.exe
   * @throws IllegalArgumentException if it is too long, if the program is a batch file, or if
   *     cmd.exe would take an argument for a part of the script
   * @throws UnsupportedOperationException if an argument is given as bytes
   */
  public static CommandLine of(SpawnRequest request, String shell) {
    List<String> arguments = new ArrayList<>();
    for (Argument argument : request.command()) {
      if (argument instanceof Raw) {
        throw new UnsupportedOperationException(
            "rawArg has no meaning on Windows, where arguments are text: use arg");
      }
      arguments.add(argument.text());
    }
    Path executable = request.executable();
    CommandLine line =
        request.shell()
            ? ofShell(arguments, executable == null ? shell : executable.toString(), shell)
            : ofProgram(arguments, executable);
    if (line.text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the command line has "
              + line.text.length()
              + " UTF-16 units, the limit is "
              + LONGEST
              + ": pass long arguments in a file or by stdin");
    }
    BatchFiles.refuse(line.file);
    if (line.file.indexOf('"') >= 0) {
      throw new IllegalArgumentException("the program's path contains a quotation mark");
    }
    return line;
  }

  private static CommandLine ofProgram(List<String> arguments, @Nullable Path executable) {
    String file = executable == null ? arguments.getFirst() : executable.toString();
    return new CommandLine(file, file, CommandQuoting.join(arguments));
  }

  // cmd.exe ignores the quoting that programs undo: it runs and expands what it finds in it.
  private static void checkForShell(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      if (FOR_SHELL.indexOf(argument.charAt(i)) >= 0) {
        throw new IllegalArgumentException(
            "an argument of a script contains a character at index "
                + i
                + " that cmd.exe would interpret (one of \"%!^&|<> or a line break): make it a part"
                + " of the script");
      }
    }
  }

  // Like Python: the script is passed to cmd.exe unchanged, in quotation marks that it removes.
  private static CommandLine ofShell(List<String> arguments, String file, String shell) {
    StringBuilder script = new StringBuilder(arguments.getFirst());
    List<String> rest = arguments.subList(1, arguments.size());
    rest.forEach(CommandLine::checkForShell);
    CommandQuoting.appendAll(script, rest);
    String program = CommandQuoting.join(List.of(file));
    return new CommandLine(file, shell, program + " /c \"" + script + "\"");
  }
}
