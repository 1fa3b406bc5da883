package io.github.jpopen.command;

import java.util.List;

/**
 * What messages and exceptions tell of a command.
 *
 * @param name the name in messages
 * @param program the program's name
 * @param args the program and its arguments, without secrets
 * @param showsStderr whether messages end with the last lines of stderr
 */
public record CommandLabel(String name, String program, List<String> args, boolean showsStderr) {
  /**
   * How a message begins.
   *
   * @return the word and the quoted name
   */
  public String command() {
    return "command \"" + name + "\"";
  }
}
