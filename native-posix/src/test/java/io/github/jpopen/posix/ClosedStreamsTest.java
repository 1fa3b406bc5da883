package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.libc.HostPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each subset of descriptors 0 to 2 closed when the JVM starts, with each combination of redirects.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class ClosedStreamsTest {
  @TempDir Path temp = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1", "2", "01", "02", "12", "012"})
  @Covers("promise 17")
  void childrenWorkIfStreamsAreClosedAtTheStart(String closed) throws Exception {
    String script = "exec \"$@\"" + redirects(closed);
    assertThat(new SubJvm().run(script, Main.class, temp.resolve("result"), closed, ""))
        .isEqualTo(SubJvm.FINE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2", "01", "02", "12", "012"})
  void childrenWorkIfStreamsAreClosedLater(String closed) throws Exception {
    assertThat(new SubJvm().run("exec \"$@\"", Main.class, temp.resolve("result"), "", closed))
        .isEqualTo(SubJvm.FINE);
  }

  private static String redirects(String closed) {
    StringBuilder redirects = new StringBuilder();
    for (int i = 0; i < closed.length(); i++) {
      redirects.append(' ').append(closed.charAt(i)).append(">&-");
    }
    return redirects.toString();
  }

  /** Starts children with every combination of redirects and compares what they got. */
  static final class Main {
    private static final List<Stdio> KINDS = List.of(new Pipe(), new Null(), new Inherit());
    private static final Map<String, String> DIFFERENCES = new LinkedHashMap<>();

    private Main() {}

    public static void main(String[] arguments) throws Exception {
      String closedAtStart = arguments[1];
      String closedNow = arguments[2];
      Posix posix = HostPosix.link(Settings.likeMac());
      for (int i = 0; i < closedNow.length(); i++) {
        posix.close(closedNow.charAt(i) - '0');
      }
      PosixPlatform platform = new PosixPlatform();
      Path seen = Path.of(arguments[0] + ".seen");
      for (Stdio in : KINDS) {
        for (Stdio out : KINDS) {
          for (Stdio err : KINDS) {
            check(platform, seen, closedAtStart + closedNow, in, out, err);
          }
        }
      }
      SubJvm.report(arguments[0], SubJvm.verdict(DIFFERENCES));
    }

    private static void check(
        PosixPlatform platform, Path seen, String closed, Stdio in, Stdio out, Stdio err)
        throws Exception {
      String script =
          "exec 9> '"
              + seen
              + "'; for i in 0 1 2; do a=$(readlink /proc/$$/fd/$i); echo \"$a\" >&9; done; ls"
              + " /proc/self/fd >&9; cat; echo out; echo err >&2";
      String[] own = {target(0), target(1), target(2)};
      SpawnRequests request = SpawnRequests.shell(script).stdin(in).stdout(out).stderr(err);
      String combination = in + " " + out + " " + err;
      try (StepDriver driver = new StepDriver(platform, request.build())) {
        byte[] input =
            in instanceof Pipe ? "in\n".getBytes(StandardCharsets.US_ASCII) : new byte[0];
        driver.input(input).text();
        expect(
            combination + " stdout",
            out instanceof Pipe ? (in instanceof Pipe ? "in\nout\n" : "out\n") : "",
            driver.stdout());
        expect(combination + " stderr", err instanceof Pipe ? "err\n" : "", driver.stderr());
      }
      List<String> lines = Files.readAllLines(seen);
      Stdio[] kinds = {in, out, err};
      for (int i = 0; i <= 2; i++) {
        String expected =
            kinds[i] instanceof Inherit && closed.indexOf('0' + i) < 0
                ? own[i]
                : kinds[i] instanceof Pipe ? "pipe:" : "/dev/null";
        String got = lines.get(i);
        expect(
            combination + " " + i, expected, expected.equals("pipe:") ? got.substring(0, 5) : got);
      }
      // 3 is the directory that ls reads, and the shell's 9 is passed on
      expect(combination + " all", "[0, 1, 2, 3, 9]", lines.subList(3, lines.size()).toString());
    }

    private static String target(int descriptor) {
      try {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      } catch (java.io.IOException e) {
        return "closed";
      }
    }

    private static void expect(String what, String expected, String got) {
      if (!expected.equals(got)) {
        DIFFERENCES.put(what, "expected " + expected + " but got " + got);
      }
    }
  }
}
