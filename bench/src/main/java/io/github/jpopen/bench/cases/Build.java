package io.github.jpopen.bench.cases;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of several builds of jpopen that are compared.
 *
 * @param name in the table
 * @param classPath this benchmark and that build
 */
public record Build(String name, String classPath) {
  private static final List<String> MODULES = List.of("core", "native-posix", "native-windows");

  /** The one that runs this benchmark, from the folders of its classes, as the other builds. */
  public static Build now(String name) {
    return of(null, name);
  }

  /**
   * One that was compiled in another clone.
   *
   * @param clone has {@code core/target/classes}, and so on
   */
  public static Build in(Path clone, String name) {
    return of(clone, name);
  }

  private static Build of(@Nullable Path clone, String name) {
    String running = System.getProperty("java.class.path");
    String classPath =
        Arrays.stream(running.split(Pattern.quote(File.pathSeparator), -1))
            .map(entry -> replaced(entry, clone))
            .collect(Collectors.joining(File.pathSeparator));
    return new Build(name, classPath);
  }

  /** The classes of the same module, or the entry itself if it is something else. */
  private static String replaced(String entry, @Nullable Path clone) {
    Path path = Path.of(entry).toAbsolutePath();
    for (int i = path.getNameCount() - 2; i > 0; i--) {
      String module = path.getName(i).toString();
      if (MODULES.contains(module) && path.getName(i + 1).toString().equals("target")) {
        Path root = clone == null ? path.getRoot().resolve(path.subpath(0, i)) : clone;
        return root.resolve(module, "target", "classes").toString();
      }
    }
    return entry;
  }
}
