package io.github.jpopen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The file by which GraalVM knows, when it builds a program, what a native module links. */
public final class ReachabilityFile {
  private static final boolean UPDATE = Boolean.getBoolean("io.github.jpopen.update");

  private final Class<?> platform;
  private final Path file;

  /**
   * The file of a module, whose folder is the working directory.
   *
   * @param artifact such as {@code jpopen-native-posix}
   * @param platform the class that core finds
   */
  public ReachabilityFile(String artifact, Class<?> platform) {
    this.platform = platform;
    this.file =
        Path.of(
            "src/main/resources/META-INF/native-image/io.github.jpopen",
            artifact,
            "reachability-metadata.json");
  }

  /** The shapes that the module links. */
  public Set<LinkedShape> linked() {
    try {
      URI classes = platform.getProtectionDomain().getCodeSource().getLocation().toURI();
      return LinkedShapes.in(Path.of(classes), platform.getPackageName());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails unless the file is what the module links; {@code update} writes it instead. */
  public void check() throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected());
    }
    assertThat(Files.readString(file))
        .as("write it again with -Dio.github.jpopen.update=true")
        .isEqualTo(expected());
  }

  private String expected() {
    String downcalls =
        linked().stream().map(LinkedShape::json).sorted().collect(Collectors.joining(",\n      "));
    return """
    {
      "reflection": [
        { "type": "%s", "methods": [{ "name": "<init>", "parameterTypes": [] }] }
      ],
      "foreign": {
        "downcalls": [
          %s
        ]
      }
    }
    """
        .formatted(platform.getName(), downcalls);
  }
}
