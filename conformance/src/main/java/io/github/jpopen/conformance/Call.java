package io.github.jpopen.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a library is asked to run. The rules make it.
 *
 * @since 0.1
 */
public final class Call {
  private final List<String> command;
  private final byte[] input;
  private final @Nullable Path directory;
  private final Map<String, String> environment;

  private Call(
      List<String> command,
      byte[] input,
      @Nullable Path directory,
      Map<String, String> environment) {
    this.command = List.copyOf(command);
    this.input = input;
    this.directory = directory;
    this.environment = Map.copyOf(environment);
  }

  static Call of(List<String> command) {
    return new Call(command, new byte[0], null, Map.of());
  }

  Call withInput(byte[] bytes) {
    return new Call(command, bytes, directory, environment);
  }

  Call in(Path folder) {
    return new Call(command, input, folder, environment);
  }

  Call with(Map<String, String> variables) {
    return new Call(command, input, directory, variables);
  }

  /**
   * The program and its arguments.
   *
   * @return the program first; no shell is to look at any of them
   */
  public List<String> command() {
    return command;
  }

  /**
   * What the program reads from stdin, which ends after it.
   *
   * @return the bytes, which must not be changed; if there are none, stdin ends at once
   */
  public byte[] input() {
    return input;
  }

  /**
   * The working directory of the program.
   *
   * @return empty for that of this JVM
   */
  public Optional<Path> directory() {
    return Optional.ofNullable(directory);
  }

  /**
   * The variables that are set for the program. All others are inherited.
   *
   * @return mostly empty
   */
  public Map<String, String> environment() {
    return environment;
  }

  /** The command, without the input. */
  @Override
  public String toString() {
    return command.toString();
  }
}
