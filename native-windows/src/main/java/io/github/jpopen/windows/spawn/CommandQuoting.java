package io.github.jpopen.windows.spawn;

import java.util.List;

/**
 * Joins arguments to the one string that a Windows program gets. The C runtime and
 * CommandLineToArgvW split it into the same arguments again.
 */
final class CommandQuoting {
  private CommandQuoting() {}

  /** The command line. The first argument, the program's name, has rules of its own. */
  static String join(List<String> arguments) {
    StringBuilder line = new StringBuilder();
    appendProgram(line, arguments.getFirst());
    appendAll(line, arguments.subList(1, arguments.size()));
    return line.toString();
  }

  /** Appends each argument after a space. */
  static void appendAll(StringBuilder line, List<String> arguments) {
    for (String argument : arguments) {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      append(line, argument);
    }
  }

  // In the program's name a backslash never escapes, and a quote cannot be expressed.
  private static void appendProgram(StringBuilder line, String program) {
    if (program.indexOf('"') >= 0) {
      throw new IllegalArgumentException("the program's name contains a quotation mark");
    }
    if (needsQuotes(program)) {
      line.append('"').append(program).append('"');
    } else {
      line.append(program);
    }
  }

  private static void append(StringBuilder line, String argument) {
    boolean quotes = needsQuotes(argument);
    if (quotes) {
      line.append('"');
    }
    int backslashes = 0;
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '\\') {
        backslashes++;
        continue;
      }
      // A backslash needs to be escaped only in front of a quotation mark.
      line.repeat('\\', c == '"' ? 2 * backslashes + 1 : backslashes);
      backslashes = 0;
      line.append(c);
    }
    line.repeat('\\', quotes ? 2 * backslashes : backslashes);
    if (quotes) {
      line.append('"');
    }
  }

  private static boolean needsQuotes(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\u000b') {
        return true;
      }
    }
    return argument.isEmpty();
  }
}
