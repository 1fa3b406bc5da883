package io.github.jpopen.posix.spawn;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How long arguments and environment are, in words.
 *
 * <p>{@code execve} limits what they take together, each string with its NUL, and on Linux each
 * string, too. Variables go by their names and arguments by their positions: what they hold may be
 * secret.
 *
 * @param arguments {@code argv}, never empty
 * @param variables {@code envp}
 */
public record ArgumentSizes(List<byte[]> arguments, List<byte[]> variables) {
  @Override
  public String toString() {
    long ofArguments = total(arguments);
    long ofVariables = total(variables);
    return ofArguments
        + ofVariables
        + " bytes in total, "
        + ofArguments
        + " of arguments and "
        + ofVariables
        + " of the environment; the longest is "
        + longest();
  }

  private String longest() {
    int argument = longest(arguments);
    int length = arguments.get(argument).length;
    String what = "argument " + argument;
    if (!variables.isEmpty()) {
      byte[] variable = variables.get(longest(variables));
      if (variable.length > length) {
        length = variable.length;
        what = named(variable);
      }
    }
    return what + " with " + length + " bytes";
  }

  private static String named(byte[] variable) {
    for (int i = 0; i < variable.length; i++) {
      if (variable[i] == '=') {
        return "variable " + new String(variable, 0, i, StandardCharsets.UTF_8);
      }
    }
    return "a variable without a name";
  }

  private static long total(List<byte[]> strings) {
    long total = 0;
    for (byte[] string : strings) {
      total += string.length + 1L;
    }
    return total;
  }

  private static int longest(List<byte[]> strings) {
    int longest = 0;
    for (int i = 1; i < strings.size(); i++) {
      longest = strings.get(i).length > strings.get(longest).length ? i : longest;
    }
    return longest;
  }
}
