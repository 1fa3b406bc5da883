package io.github.jpopen.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The tools of the JDK that runs the tests. */
final class Jdk {
  /** Of children that live for a moment: their JVM starts sooner so. */
  private static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private Jdk() {}

  static Path home() {
    return Path.of(System.getProperty("java.home", ""));
  }

  /** Runs a tool in this JVM. */
  static void tool(String name, Object... arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int status =
        ToolProvider.findFirst(name)
            .orElseThrow()
            .run(
                writer,
                writer,
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    assertThat(status).as(name + ": " + output).isZero();
  }

  /** Compiles every Java file below a folder. */
  static void compile(Path sources, Path classes, Object... options) throws IOException {
    List<Object> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.addAll(List.of("-proc:none", "-d", classes));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(arguments::add);
    }
    tool("javac", arguments.toArray());
  }

  /** Runs Java in a JVM of its own. */
  static Ran java(Object... arguments) throws IOException, InterruptedException {
    return java(home().resolve("bin/java"), arguments);
  }

  /** Runs the Java of another runtime. */
  static Ran java(Path java, Object... arguments) throws IOException, InterruptedException {
    List<Object> command = new ArrayList<>();
    command.add(java);
    command.addAll(BRIEF);
    command.addAll(Arrays.asList(arguments));
    return Ran.of(command.toArray());
  }
}
