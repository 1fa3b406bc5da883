package io.github.jpopen.platform;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads all classes of jpopen that lie in a folder, so that none is missing when no descriptor is
 * left (EMFILE).
 *
 * <p>The JVM opens a class file of a folder when the class is first used. If it cannot, it keeps
 * the failure for each place that refers to the class, for good. A jar is opened once and stays
 * open.
 */
public final class ClassFolder {
  private static final String OURS = "io/github/jpopen";
  private static final String SUFFIX = ".class";

  private ClassFolder() {}

  /**
   * Loads, and initializes nothing. A class that cannot be loaded now is left for its first use.
   *
   * @param type one of the classes; nothing happens if it is in a jar or an image
   */
  public static void load(Class<?> type) {
    try {
      Path folder = folder(type);
      if (folder != null) {
        try (Stream<Path> files = Files.walk(folder.resolve(OURS))) {
          files.forEach(file -> load(folder.relativize(file).toString(), type.getClassLoader()));
        }
      }
    } catch (IOException | UncheckedIOException | OutOfMemoryError e) {
      // The start that follows may need none of them.
    } catch (URISyntaxException | IllegalArgumentException e) { // a folder without a name here
      // The class loader has another way to its files.
    }
  }

  private static @Nullable Path folder(Class<?> type) throws URISyntaxException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    return place != null && place.getProtocol().equals("file") && place.getPath().endsWith("/")
        ? Path.of(place.toURI())
        : null;
  }

  private static void load(String file, ClassLoader loader) {
    if (file.endsWith(SUFFIX) && !file.endsWith("-info" + SUFFIX)) {
      String path = file.substring(0, file.length() - SUFFIX.length());
      try {
        Class<?> _ = Class.forName(path.replace(File.separatorChar, '.'), false, loader);
      } catch (ClassNotFoundException | LinkageError e) { // it may need a module that is not there
        // Its first use reports that.
      }
    }
  }
}
