package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.contract.Covers;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much heap an output takes: a JVM with no more than that comes through. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /dev/zero")
class MemoryBoundsTest {
  private static final int CAPTURED_MEGABYTES = 64;

  @TempDir Path temp = Path.of("");

  // Twice the output, 4 MiB, and 12 MiB for the JVM itself and its young generation.
  @ParameterizedTest
  @CsvSource({"captured, 144", "streamed, 16"})
  @Covers("promise 19")
  void outputFitsIntoTheHeapThatIsPromised(String how, int megabytes) throws Exception {
    SubJvm jvm = new SubJvm().option("-XX:+UseSerialGC", "-Xmn4m", "-Xmx" + megabytes + "m");
    assertThat(jvm.run("exec \"$@\"", Output.class, temp.resolve("result"), how))
        .isEqualTo(SubJvm.FINE);
  }

  /** Takes an output, and reports whether it was all there. */
  static final class Output {
    private Output() {}

    public static void main(String[] arguments) throws Exception {
      long expected = (long) CAPTURED_MEGABYTES << 20;
      long bytes = arguments[1].equals("captured") ? captured(expected) : streamed(expected *= 4);
      SubJvm.report(arguments[0], bytes == expected ? SubJvm.FINE : bytes + " bytes");
    }

    private static Command<byte[]> zeros(long bytes) {
      return Command.of("head", "-c", Long.toString(bytes), "/dev/zero").stdout(Redirect.PIPE);
    }

    private static long captured(long bytes) throws Exception {
      return zeros(bytes).run().stdout().length;
    }

    private static long streamed(long bytes) throws Exception {
      byte[] buffer = new byte[8192];
      long all = 0;
      try (Popen<byte[]> p = zeros(bytes).start();
          InputStream stdout = p.stdout()) {
        for (int n = stdout.read(buffer); n >= 0; n = stdout.read(buffer)) {
          all += n;
        }
      }
      return all;
    }
  }
}
