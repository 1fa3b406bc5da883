package io.github.jpopen.bench.cases;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What all cases share: files that children read or write, the tools, and how a JVM is started.
 *
 * @param folder for whatever is needed while the comparison runs
 * @param tools the workers in other languages
 * @param pattern a file of 64 MiB of text that never repeats itself
 * @param hello a file with what {@code echo hello} says
 * @param hi a file with what {@code echo hi} says
 * @param effort by what the number of rounds is multiplied
 */
public record Workshop(Path folder, Tools tools, Path pattern, Path hello, Path hi, double effort)
    implements AutoCloseable {
  static final int MIB = 1 << 20;
  static final int PATTERN_BYTES = 64 * MIB;

  private static final int SEED = 6;

  /** Makes the folder and what belongs into it. */
  public static Workshop open(double effort) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("jpopen-bench");
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] pattern = new byte[PATTERN_BYTES];
    random.nextBytes(pattern);
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = (byte) ('0' + (pattern[i] & 63)); // 64 characters of ASCII
    }
    return new Workshop(
        folder,
        Tools.prepare(folder),
        Files.write(folder.resolve("pattern"), pattern),
        Files.write(folder.resolve("hello"), "hello\n".getBytes(StandardCharsets.US_ASCII)),
        Files.write(folder.resolve("hi"), "hi\n".getBytes(StandardCharsets.US_ASCII)),
        effort);
  }

  /** Deletes the folder. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** How many rounds to play; at least three. */
  int rounds(int usual) {
    return Math.max(3, (int) Math.round(usual * effort));
  }

  /** Starts a worker, see {@link Worker}. */
  Worker worker(List<String> command, List<String> arguments, Map<String, String> env)
      throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    return Worker.start(all, env, folder.resolve("stderr"));
  }

  /** A command that runs a class of this benchmark in a JVM of its own. */
  List<String> java(List<String> options, Class<?> main) {
    return java(options, System.getProperty("java.class.path"), main);
  }

  /** The same with no more on the class path than jpopen and this benchmark, and in jars. */
  List<String> javaWithJars(List<String> options, Class<?> main) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry :
        System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      Path jar = Files.isDirectory(path) ? jarBeside(path) : path;
      String name = jar.getFileName().toString();
      if (name.startsWith("jpopen-") || name.equals("benchmarks.jar")) {
        jars.add(jar.toString());
      }
    }
    return java(options, String.join(File.pathSeparator, jars), main);
  }

  static List<String> java(List<String> options, String classPath, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    return command;
  }

  // An AOT cache knows jars only.
  private static Path jarBeside(Path classes) throws IOException {
    try (Stream<Path> files = Files.list(classes.getParent())) {
      return files
          .filter(file -> file.getFileName().toString().matches("jpopen-.*\\.jar"))
          .findFirst()
          .orElse(classes);
    }
  }
}
