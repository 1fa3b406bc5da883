package io.github.jpopen.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run.
 *
 * @param status its exit status
 * @param output both of its outputs
 */
record Ran(int status, String output) {
  /** Maven may have to download all of its plugins. */
  private static final long SECONDS = 600;

  static Ran of(Object... command) throws IOException, InterruptedException {
    return of(Map.of(), command);
  }

  /** Runs a program with variables in addition to ours. */
  static Ran of(Map<String, String> environment, Object... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("jpopen-it", ".txt");
    try {
      List<String> words = Arrays.stream(command).map(Object::toString).toList();
      ProcessBuilder builder = new ProcessBuilder(words);
      builder.environment().remove("JDK_JAVA_OPTIONS");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().putAll(environment);
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(words + " did not end: " + Files.readString(output));
      }
      return new Ran(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /** The lines of the output that a JVM did not print as a warning. */
  List<String> lines() {
    return output.lines().filter(line -> !line.startsWith("WARNING: ") && !line.isEmpty()).toList();
  }
}
