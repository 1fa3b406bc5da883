package io.github.jpopen.contract;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start {@code ChildProgram}: fast, small, and with signals that end it ({@code -Xrs}). */
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
    return command("-cp", PlainClassPath.of(classes().toString()), MAIN);
  }

  /** The same JVM with other last arguments: a class path and a main class, at least. */
  public static List<String> command(String... rest) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-XX:-PrintWarnings"); // a JVM that finds fault with its system does so on stdout
    command.add("-Xshare:auto");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:-UsePerfData");
    command.add("-Xrs");
    command.add("-Xmx64m");
    command.addAll(List.of(rest));
    return List.copyOf(command);
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
    String file = ChildLauncher.class.getName().replace('.', '/') + ".class";
    URL url = ChildLauncher.class.getResource("/" + file);
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
}
