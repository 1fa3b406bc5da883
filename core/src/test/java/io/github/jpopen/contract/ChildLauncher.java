package io.github.jpopen.contract;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How to start the child of the contract tests, which is a C program if there is a compiler, and a
 * JVM that uses the library. JVMs are started so that they are fast and small.
 */
public final class ChildLauncher {
  /** Not {@code ChildProgram.class}: that program starts children of its own by this class. */
  private static final String MAIN = ChildLauncher.class.getPackageName() + ".ChildProgram";

  private ChildLauncher() {}

  /**
   * The command.
   *
   * @return the arguments up to the name of the first behaviour
   */
  public static List<String> command() {
    return NativeChild.program().map(Path::toString).map(List::of).orElseGet(ChildLauncher::ofJava);
  }

  /** The same for the child in Java, whose signals end it ({@code -Xrs}). */
  static List<String> ofJava() {
    return command("-cp", PlainClassPath.of(classes().toString()), MAIN);
  }

  /** A small JVM; its last arguments are a class path and a main class, at least. */
  public static List<String> command(String... rest) {
    List<String> command = small("-Xrs", "-Xmx64m");
    command.addAll(List.of(rest));
    return List.copyOf(command);
  }

  /**
   * Another JVM with our classes, and with what this run of the suite forces.
   *
   * @param options more options of the JVM
   * @return the arguments that start it
   */
  public static List<String> jvm(List<String> options, Class<?> main, String... args) {
    List<String> command = small("-Xmx128m");
    for (String property : System.getProperties().stringPropertyNames()) {
      if (property.startsWith("io.github.jpopen.")) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.add(NativeChild.option());
    command.addAll(options);
    String classPath = everything() + File.pathSeparator + root(main);
    command.addAll(List.of("-cp", PlainClassPath.of(classPath), main.getName()));
    command.addAll(List.of(args));
    return List.copyOf(command);
  }

  private static List<String> small(String... more) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-XX:-PrintWarnings"); // a JVM that finds fault with its system does so on stdout
    command.add("-Xshare:auto");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:-UsePerfData");
    command.addAll(List.of(more));
    return command;
  }

  /** The program of the child. */
  static String program() {
    return command().getFirst();
  }

  /** The launcher of the Java that runs us. */
  static String java() {
    String name = File.separatorChar == '\\' ? "java.exe" : "java";
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** All that this JVM has on its class path and module path, as one class path. */
  static String everything() {
    return String.join(
        File.pathSeparator,
        Stream.of(
                System.getProperty("jdk.module.path"),
                System.getProperty("java.class.path"),
                classes().toString())
            .filter(Objects::nonNull)
            .filter(path -> !path.isEmpty())
            .toList());
  }

  /** The directory or jar that this class was loaded from. */
  static Path classes() {
    return root(ChildLauncher.class);
  }

  /** That of any class, whether on the class path, in a module, or in the patch of a module. */
  private static Path root(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = type.getResource("/" + file);
    if (url == null) {
      throw new IllegalStateException("cannot find the class file of " + type);
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
}
