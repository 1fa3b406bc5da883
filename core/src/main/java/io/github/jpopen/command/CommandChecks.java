package io.github.jpopen.command;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Raw;
import io.github.jpopen.spi.SpawnRequest.Secret;
import io.github.jpopen.spi.SpawnRequest.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rejects invalid arguments before anything native happens. Messages hold positions and names,
 * never values.
 */
public final class CommandChecks {
  private CommandChecks() {}

  /**
   * Checks a whole command.
   *
   * @param argv the first is the program's name, or the script
   * @param shell whether it is a script
   * @return the arguments
   */
  public static List<Argument> command(List<String> argv, boolean shell) {
    Objects.requireNonNull(argv, "command is null");
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("command is empty");
    }
    List<Argument> checked = arguments(argv, 0);
    if (!shell) {
      program(argv.getFirst());
    }
    return checked;
  }

  /**
   * Checks arguments that follow others.
   *
   * @param more the arguments
   * @param before how many there are before them
   * @return the arguments
   */
  public static List<Argument> arguments(List<String> more, int before) {
    List<Argument> checked = new ArrayList<>(more.size());
    for (String argument : more) {
      argument(argument, before + checked.size());
      checked.add(new Text(argument));
    }
    return checked;
  }

  /**
   * Rejects a path into an archive or into memory: the system does not know it, and its text may
   * name another file.
   *
   * @param path any
   * @param what its name in messages
   * @return the path
   */
  public static Path path(Path path, String what) {
    FileSystem fileSystem = Objects.requireNonNull(path, what + " is null").getFileSystem();
    if (!fileSystem.equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          what + " belongs to another file system: " + fileSystem.provider().getScheme());
    }
    return path;
  }

  /**
   * Checks an argument that no message shows.
   *
   * @param argument the text
   * @param i its position
   * @return the argument
   */
  public static Argument secret(String argument, int i) {
    argument(argument, i);
    return new Secret(argument);
  }

  /**
   * Checks an argument that is no text.
   *
   * @param argument the bytes, which are copied
   * @param i its position
   * @return the argument
   */
  public static Argument raw(byte[] argument, int i) {
    for (int k = 0; k < argument.length; k++) {
      if (argument[k] == 0) {
        throw new IllegalArgumentException("command[" + i + "] contains NUL at index " + k);
      }
    }
    return new Raw(argument.clone(), new String(argument, StandardCharsets.UTF_8));
  }

  private static void program(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the program's name is empty");
    }
    boolean windows = Platforms.isWindows();
    char last = name.charAt(name.length() - 1);
    if (name.equals(".") || name.equals("..") || last == '/' || (windows && last == '\\')) {
      throw new IllegalArgumentException("the program's name is that of a directory");
    }
    if (windows && name.indexOf('"') >= 0) {
      throw new IllegalArgumentException("the program's name contains a quotation mark");
    }
  }

  private static void argument(String argument, int i) {
    if (argument == null) {
      throw new NullPointerException("command[" + i + "] is null");
    }
    text("command[" + i + "]", argument);
  }

  /**
   * Rejects text that the system would cut at a NUL, and half a surrogate pair, which an encoder
   * would turn into a question mark.
   *
   * @param what its name in messages
   * @param text any
   * @return the text
   */
  public static String text(String what, String text) {
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw new IllegalArgumentException(what + " contains NUL at index " + nul);
    }
    int lone = loneSurrogate(text);
    if (lone >= 0) {
      throw new IllegalArgumentException(what + " cannot be encoded in UTF-8 at index " + lone);
    }
    return text;
  }

  private static int loneSurrogate(String text) {
    for (int k = 0; k < text.length(); k++) {
      char c = text.charAt(k);
      if (Character.isHighSurrogate(c)
          && k + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(k + 1))) {
        k++;
      } else if (Character.isSurrogate(c)) {
        return k;
      }
    }
    return -1;
  }

  /**
   * Checks the name of an environment variable.
   *
   * @param name any
   * @return the name
   */
  public static String variableName(String name) {
    Objects.requireNonNull(name, "environment name is null");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("environment name is empty");
    }
    // Windows keeps the current directory of each drive in variables named "=C:".
    int equals = name.indexOf('=', Platforms.isWindows() ? 1 : 0);
    if (equals >= 0) {
      throw new IllegalArgumentException("environment name contains \"=\" at index " + equals);
    }
    return name;
  }

  /**
   * Checks an environment variable.
   *
   * @param name any
   * @param value any
   * @param number its position, from 1
   * @return the change
   */
  public static Put variable(String name, String value, int number) {
    variableName(name);
    Objects.requireNonNull(
        value,
        () ->
            "environment value of \"" + VisibleText.of(name) + "\" is null: removeEnv removes it");
    if (name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "environment entry #" + number + " contains NUL: \"" + VisibleText.of(name) + "\"");
    }
    if (loneSurrogate(name) >= 0 || loneSurrogate(value) >= 0) {
      throw new IllegalArgumentException(
          "environment entry #" + number + " cannot be encoded in UTF-8");
    }
    return new Put(name, value);
  }
}
