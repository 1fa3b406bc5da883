package io.github.jpopen.bench.cases;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of several builds of jpopen that are compared.
 *
 * @param name in the table
 * @param classPath this benchmark and that build
 */
public record Build(String name, String classPath) {
  private static final List<String> MODULES = List.of("core", "native-posix", "native-windows");

  /** The one that runs this benchmark. */
  public static Build now(String name) {
    return new Build(name, System.getProperty("java.class.path"));
  }

  /**
   * One that was compiled in another clone.
   *
   * @param clone has {@code core/target/classes}, and so on
   */
  public static Build in(Path clone, String name) {
    String classPath =
        Arrays.stream(now(name).classPath().split(Pattern.quote(File.pathSeparator), -1))
            .map(entry -> replaced(entry, clone))
            .collect(Collectors.joining(File.pathSeparator));
    return new Build(name, classPath);
  }

  /** The same module of the other clone, or the entry itself if it is something else. */
  private static String replaced(String entry, Path clone) {
    Path path = Path.of(entry).toAbsolutePath();
    for (int i = path.getNameCount() - 2; i > 0; i--) {
      String module = path.getName(i).toString();
      if (MODULES.contains(module) && path.getName(i + 1).toString().equals("target")) {
        return clone.resolve(module, "target", "classes").toString();
      }
    }
    return entry;
  }
}
