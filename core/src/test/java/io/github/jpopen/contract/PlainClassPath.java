package io.github.jpopen.contract;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A class path that a JVM can read in every locale. A JVM under {@code LC_ALL=C} cannot open a path
 * with other than ASCII characters, so such entries are copied, once for this JVM.
 */
public final class PlainClassPath {
  private static final Map<String, String> COPIES = new ConcurrentHashMap<>();

  private PlainClassPath() {}

  /** The same classes in entries with ASCII names. */
  public static String of(String classPath) {
    Stream<String> entries = Stream.of(classPath.split(File.pathSeparator, -1));
    return String.join(File.pathSeparator, entries.map(PlainClassPath::entry).toList());
  }

  private static String entry(String entry) {
    return entry.chars().allMatch(c -> c < 128) || Files.notExists(Path.of(entry))
        ? entry
        : COPIES.computeIfAbsent(entry, PlainClassPath::copy);
  }

  private static String copy(String entry) {
    try {
      Path source = Path.of(entry);
      Path folder = Files.createTempDirectory("jpopen-classes");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      Path target = folder.resolve("classes");
      for (Path file : below(source)) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
      return target.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      for (Path file : below(folder).reversed()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder comes before what it holds. A jar holds nothing. */
  private static List<Path> below(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.toList();
    }
  }
}
