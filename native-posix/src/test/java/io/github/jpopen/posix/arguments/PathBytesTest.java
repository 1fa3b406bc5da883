package io.github.jpopen.posix.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathBytesTest {
  @TempDir Path temp = Path.of("");

  @Test
  void asciiPathsEqualTheirText() {
    assertThat(new String(PathBytes.of(Path.of("/a/b c%41")), StandardCharsets.US_ASCII))
        .isEqualTo("/a/b c%41");
    assertThat(new String(PathBytes.of(Path.of("a/b")), StandardCharsets.US_ASCII))
        .isEqualTo("a/b");
  }

  @Test
  void anyBytesSurviveAPath() {
    byte[] name = new byte[256];
    name[0] = '/';
    for (int i = 1; i < 256; i++) {
      name[i] = (byte) (i == '/' ? 'x' : i);
    }
    assertThat(PathBytes.of(PathBytes.toPath(name))).isEqualTo(name);
  }

  @Test
  void directoryKeepsItsName() throws Exception {
    byte[] name = (temp + "/d\u00e9").getBytes(StandardCharsets.UTF_8);
    Path directory = PathBytes.toPath(name);
    Files.createDirectory(directory);
    assertThat(PathBytes.of(directory)).isEqualTo(name);
  }

  @Test
  void relativePathsStayRelative() {
    byte[] name = {'d', (byte) 0xC3, (byte) 0xA9, '/', 'f', (byte) 0xFF};
    Path directory = Path.of("").toAbsolutePath();
    Path relative = directory.relativize(PathBytes.resolve(directory, name));
    assertThat(PathBytes.of(relative)).isEqualTo(name);
  }
}
