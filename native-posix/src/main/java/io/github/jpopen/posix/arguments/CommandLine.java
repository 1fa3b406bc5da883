package io.github.jpopen.posix.arguments;

import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.FileName;
import io.github.jpopen.spi.SpawnRequest.Raw;
import io.github.jpopen.spi.SpawnRequest.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is executed, and its arguments, as bytes.
 *
 * @param file the file to execute; searched for if there is no slash in it
 * @param display its name for messages
 * @param arguments {@code argv}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CommandLine(byte[] file, String display, List<byte[]> arguments) {
  private static final String SHELL = "/bin/sh";

  public static CommandLine of(SpawnRequest request) {
    List<byte[]> arguments = new ArrayList<>(request.command().size() + 2);
    Path executable = request.executable();
    if (request.shell()) {
      byte[] shell = executable == null ? text(SHELL) : PathBytes.of(executable);
      arguments.add(shell);
      for (String option :
          SpawnRequest.shellOptions(executable != null, request.command().getFirst())) {
        arguments.add(text(option));
      }
    }
    for (Argument argument : request.command()) {
      arguments.add(bytes(argument));
    }
    byte[] file = executable == null ? arguments.getFirst() : PathBytes.of(executable);
    // The first argument of a shell is a script, which may hold anything.
    String name = request.shell() ? SHELL : request.program();
    return new CommandLine(file, executable == null ? name : executable.toString(), arguments);
  }

  /** Whether the kernel takes the file's name as a path, relative to the child's directory. */
  public boolean isPath() {
    for (byte b : file) {
      if (b == '/') {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(Argument argument) {
    if (argument instanceof Text) { // first: a command of text only loads no other class
      return text(argument.text());
    }
    if (argument instanceof Raw raw) {
      return raw.bytes();
    }
    return argument instanceof FileName name ? PathBytes.of(name.path()) : text(argument.text());
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
