package io.github.jpopen.contract;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The child of the contract tests: does what its arguments name, see {@link Behaviour}. It does not
 * use the library.
 */
public final class ChildProgram {
  private static final Duration LONGEST_LIFE = Duration.ofSeconds(100);

  private ChildProgram() {}

  /**
   * Does one behaviour after another.
   *
   * @param args names of {@link Behaviour}, each followed by its arguments
   * @throws Exception if one failed
   */
  public static void main(String[] args) throws Exception {
    dieSomeDay();
    try {
      runAll(List.of(args));
    } catch (IOException e) {
      if (e.getMessage() == null || !e.getMessage().toLowerCase(Locale.ROOT).contains("pipe")) {
        throw e;
      }
      Runtime.getRuntime().halt(98); // as quiet as the signal that ends other programs
    }
    Runtime.getRuntime().halt(0);
  }

  private static void runAll(List<String> steps) throws Exception {
    List<String> left = steps;
    while (!left.isEmpty()) {
      Behaviour behaviour = Behaviour.valueOf(left.getFirst());
      int end = behaviour.arity == Behaviour.ALL ? left.size() : 1 + behaviour.arity;
      behaviour.action.run(left.subList(1, end));
      left = left.subList(end, left.size());
    }
  }

  /**
   * How to start this program: fast, small, and with signals that end it ({@code -Xrs}).
   *
   * @return the arguments up to the name of the first behaviour
   */
  static List<String> launcher() {
    return List.of(
        java(),
        "-XX:-PrintWarnings", // a JVM that finds fault with its system does so on stdout
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xrs",
        "-Xmx64m",
        "-cp",
        classes().toString(),
        ChildProgram.class.getName());
  }

  /** The launcher of the Java that runs us. */
  static String java() {
    String name = File.separatorChar == '\\' ? "java.exe" : "java";
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /**
   * The directory or jar that this class was loaded from, whether on the class path or in a module.
   */
  static Path classes() {
    String file = ChildProgram.class.getName().replace('.', '/') + ".class";
    URL url = ChildProgram.class.getResource("/" + file);
    if (url == null) {
      throw new IllegalStateException("cannot find my own class file");
    }
    String place = url.toString();
    place = place.substring(0, place.length() - file.length());
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length(), place.indexOf("!/"));
    }
    try {
      return Path.of(new URI(place));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(place, e);
    }
  }

  /** A test that fails must not leave its child behind for ever. */
  private static void dieSomeDay() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(LONGEST_LIFE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(97);
            });
  }
}
