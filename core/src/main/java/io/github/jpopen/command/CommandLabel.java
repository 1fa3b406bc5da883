package io.github.jpopen.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What messages and exceptions tell of a command.
 *
 * @param name the name as it was given; {@link #quoted} is for messages
 * @param program the program's name
 * @param args the program and its arguments, without secrets
 * @param showsStderr whether messages end with the last lines of stderr
 * @param place where in a pipeline it is, null if it is in none
 */
public record CommandLabel(
    String name, String program, List<String> args, boolean showsStderr, @Nullable String place) {
  /**
   * A command that is in no pipeline.
   *
   * @param name the name as it was given
   * @param program the program's name
   * @param args the program and its arguments, without secrets
   * @param showsStderr whether messages end with the last lines of stderr
   */
  public CommandLabel(String name, String program, List<String> args, boolean showsStderr) {
    this(name, program, args, showsStderr, null);
  }

  /**
   * The name as a message shows it.
   *
   * @return in quotation marks, and in one line
   */
  public String quoted() {
    return '"' + VisibleText.of(name) + '"';
  }

  /**
   * How a message begins.
   *
   * @return the word, the quoted name, and the place
   */
  public String command() {
    return "command " + quoted() + (place == null ? "" : " (" + place + ")");
  }

  /**
   * A message that names the command, where it does not begin with {@link #command}.
   *
   * @param message tells the program, if it matters
   * @return the same if this is in no pipeline and has no name of its own
   */
  public String at(String message) {
    boolean named = !name.equals(program);
    if (place == null) {
      return named ? quoted() + ": " + message : message;
    }
    return place + (named ? " (" + quoted() + ")" : "") + ": " + message;
  }
}
