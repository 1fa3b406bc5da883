package io.github.jpopen.windows.spawn;

import java.util.ArrayList;
import java.util.List;

/** Takes a command line apart as CommandLineToArgvW documents it. */
final class ArgumentParser {
  private ArgumentParser() {}

  /** The arguments, the program's name among them. */
  static List<String> parse(String line) {
    List<String> arguments = new ArrayList<>();
    int i = parseProgram(line, arguments);
    while (true) {
      while (i < line.length() && isBlank(line.charAt(i))) {
        i++;
      }
      if (i >= line.length()) {
        return arguments;
      }
      i = parseArgument(line, i, arguments);
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static int parseProgram(String line, List<String> arguments) {
    int end;
    if (line.startsWith("\"")) {
      end = line.indexOf('"', 1);
      arguments.add(line.substring(1, end));
      return end + 1;
    }
    end = 0;
    while (end < line.length() && !isBlank(line.charAt(end))) {
      end++;
    }
    arguments.add(line.substring(0, end));
    return end;
  }

  private static int parseArgument(String line, int start, List<String> arguments) {
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    int backslashes = 0;
    int i = start;
    for (; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        backslashes++;
        continue;
      }
      if (c == '"') {
        argument.repeat('\\', backslashes / 2);
        if (backslashes % 2 == 1) {
          argument.append('"');
        } else {
          quoted = !quoted;
        }
        backslashes = 0;
        continue;
      }
      argument.repeat('\\', backslashes);
      backslashes = 0;
      if (isBlank(c) && !quoted) {
        break;
      }
      argument.append(c);
    }
    argument.repeat('\\', backslashes);
    arguments.add(argument.toString());
    return i;
  }
}
