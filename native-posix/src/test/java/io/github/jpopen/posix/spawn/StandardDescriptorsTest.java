package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.libc.ForwardingPosix;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which of our standard streams a child may have without {@code /proc}, where {@code fcntl} returns
 * the path, as on macOS.
 */
class StandardDescriptorsTest extends PosixTest {
  @TempDir Path temp = Path.of("");

  /** All descriptors are open, inheritable, and lead to one file, or to something without path. */
  private static final class OneFile extends ForwardingPosix {
    private final String path;

    OneFile(String path) {
      super(HOST);
      this.path = path;
    }

    @Override
    public int descriptorFlags(int descriptor) {
      return 0;
    }

    @Override
    public int filePath(int descriptor, MemorySegment to) {
      if (path.isEmpty()) {
        return -constants().EBADF();
      }
      to.setString(0, path);
      return 0;
    }
  }

  private boolean isOurs(String path) {
    return new StandardDescriptors(new OneFile(path), temp.resolve("no-proc")).isOurs(0);
  }

  @Test
  void fileOfTheJvmIsNotOurs() throws Exception {
    assertThat(isOurs("")).as("a pipe").isTrue();
    assertThat(isOurs("/dev/ttys001")).isTrue();
    assertThat(isOurs("/dev/null")).isFalse();
    assertThat(isOurs(Files.createFile(temp.resolve("input")).toString())).isTrue();
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    assertThat(isOurs(home.resolve("lib/modules").toString())).isFalse();
  }
}
