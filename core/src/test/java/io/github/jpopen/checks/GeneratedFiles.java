package io.github.jpopen.checks;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code bindings/generate.sh} wrote, and what stands in a source root now. */
public final class GeneratedFiles {
  private GeneratedFiles() {}

  /**
   * SHA-256 by file name, as recorded when the files were generated.
   *
   * @param platform the first part of the recorded names, "posix" or "windows"
   */
  public static Map<String, String> recorded(String platform) throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("..", "bindings", "GENERATED.properties"))) {
      properties.load(reader);
    }
    String prefix = "sha256." + platform + "/";
    Map<String, String> sums = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        sums.put(name.substring(prefix.length()), properties.getProperty(name));
      }
    }
    return sums;
  }

  /** SHA-256 by file name, of the files in the module under test. */
  public static Map<String, String> present() throws IOException {
    Path root = Path.of("src", "generated", "java");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  file -> root.relativize(file).toString().replace('\\', '/'),
                  GeneratedFiles::sha256,
                  (a, _) -> a,
                  TreeMap::new));
    }
  }

  private static String sha256(Path file) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
