package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which of our standard streams a child may have, for every kind of file, access mode, stream and
 * place of the JVM's image. Where there is no {@code /proc}, as on macOS, {@code fcntl} gives the
 * path.
 */
class StandardDescriptorsTest extends PosixTest {
  private static final int IMAGE_ELSEWHERE = 3;

  /** A status flag that is no access mode, such as {@code O_APPEND}. */
  private static final int APPEND = 1 << 10;

  private static final PosixConstants C = HOST.constants();

  @TempDir Path temp = Path.of("");

  /**
   * The descriptors are open, inheritable, and lead to these files, or to something without path.
   */
  private static final class OpenFiles extends ForwardingPosix {
    private final Map<Integer, String> paths = new HashMap<>();
    private int access;

    OpenFiles(int access) {
      super(HOST);
      this.access = access;
    }

    @Override
    public int descriptorFlags(int descriptor) {
      return 0;
    }

    @Override
    public int statusFlags(int descriptor) {
      return image().equals(paths.get(descriptor)) ? 0 : access;
    }

    @Override
    public int filePath(int descriptor, MemorySegment to) {
      String path = paths.get(descriptor);
      if (path == null) {
        return -constants().EBADF();
      }
      to.setString(0, path);
      return 0;
    }
  }

  enum Kind {
    PIPE(null, false),
    TERMINAL("/dev/ttys001", false),
    FILE("/tmp/input", false),
    FILE_OF_THE_JDK(System.getProperty("java.home") + "/lib/some.jar", true),
    NULL_DEVICE("/dev/null", false);

    private final @Nullable String path;
    private final boolean mayBeOfTheJvm;

    Kind(@Nullable String path, boolean mayBeOfTheJvm) {
      this.path = path;
      this.mayBeOfTheJvm = mayBeOfTheJvm;
    }
  }

  private static String image() {
    try {
      return Path.of(System.getProperty("java.home"), "lib", "modules").toRealPath().toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOurs(OpenFiles files, int descriptor) {
    return new StandardDescriptors(files, temp.resolve("no-proc")).isOurs(descriptor);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void onlyWhatTheJvmCanHaveOpenedIsKeptFromAChild(Kind kind) {
    for (int access : new int[] {0, C.O_WRONLY(), C.O_RDWR(), C.O_WRONLY() | APPEND}) {
      for (int descriptor = 0; descriptor < 3; descriptor++) {
        for (int image = 0; image <= IMAGE_ELSEWHERE; image++) {
          if (image != descriptor) {
            OpenFiles files = new OpenFiles(access);
            files.paths.put(image, image());
            if (kind.path != null) {
              files.paths.put(descriptor, kind.path);
            }
            boolean unreadable = kind == Kind.NULL_DEVICE && (access & ~APPEND) == C.O_WRONLY();
            boolean opened =
                kind.mayBeOfTheJvm && access == 0 && (descriptor != 0 || image < descriptor);
            assertThat(isOurs(files, descriptor))
                .as("%s, access %d, number %d, image at %d", kind, access, descriptor, image)
                .isEqualTo(!unreadable && !opened);
          }
        }
      }
    }
  }

  /** A JVM whose stdin is the null device closes it, and so puts one there that cannot be read. */
  @Test
  void nullDeviceIsLookedAtAgain() {
    OpenFiles files = new OpenFiles(0);
    files.paths.put(0, Kind.NULL_DEVICE.path);
    StandardDescriptors standard = new StandardDescriptors(files, temp.resolve("no-proc"));
    assertThat(standard.isOurs(0)).isTrue();
    files.access = C.O_WRONLY();
    assertThat(standard.isOurs(0)).isFalse();
  }

  @Test
  void imageIsKeptFromAChildUnlessTheStarterGaveIt() {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
      OpenFiles files = new OpenFiles(0);
      files.paths.put(descriptor, image());
      assertThat(isOurs(files, descriptor)).as("the JVM's, at %d", descriptor).isFalse();
      files.paths.put(IMAGE_ELSEWHERE, image());
      assertThat(isOurs(files, descriptor))
          .as("given, at %d", descriptor)
          .isEqualTo(descriptor == 0);
    }
  }
}
