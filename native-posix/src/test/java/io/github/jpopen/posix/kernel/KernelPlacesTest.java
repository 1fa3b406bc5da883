package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.contract.Covers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations in a JVM with a mount namespace of its own and with limits that are lowered while
 * it runs: full and read-only file systems, no descriptors, no {@code /dev/null}, no {@code /proc}.
 */
class KernelPlacesTest extends KernelTest {
  private static final int BEFOREHAND = 1;
  private static final int SEEN = 2;

  private static final String MOUNT =
      """
      set -e
      cd "$0"
      mkdir -p full small readonly noexec
      mount -t tmpfs -o size=4k none full
      head -c 1000000 /dev/zero > full/all 2> full.log || true
      mount -t tmpfs -o size=200k none small
      mount -t tmpfs none readonly
      mount -t tmpfs -o noexec none noexec
      cp /bin/true readonly
      cp /bin/true noexec
      mount -o remount,ro readonly
      exec "$@"
      """;

  static Stream<KernelRow> places() throws IOException {
    return KernelRow.of("places.txt");
  }

  @Override
  List<String> launcher() throws IOException {
    List<String> unshare = List.of("unshare", "--mount", "--propagation", "private");
    assumeTrue(
        KernelJvm.succeeds(unshare, "mount", "-t", "tmpfs", "none", "/mnt"), "no mount namespace");
    List<String> launcher = new ArrayList<>(unshare);
    launcher.addAll(List.of("sh", "-c", MOUNT, temp().toString()));
    return launcher;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  @Covers("promise 7")
  void refusalOfASystemIsInvisibleOrReported(KernelRow row) throws Exception {
    String pid = Long.toString(jvm().pid());
    List<String> beforehand = row.words(BEFOREHAND);
    boolean limits = beforehand.size() == 2;
    List<String> prlimit = List.of("prlimit", "--pid", pid);
    if (limits) {
      String limit = "--" + beforehand.get(0) + "=" + beforehand.get(1) + ":";
      assertThat(KernelJvm.succeeds(prlimit, limit)).isTrue();
    } else if (beforehand.size() > 2) {
      List<String> there = List.of("nsenter", "--mount", "--target", pid);
      assertThat(KernelJvm.succeeds(there, beforehand.toArray(String[]::new))).isTrue();
    }
    long _ = jvm().worker(false);
    String seen = jvm().act(false, row.act(), row.argument().replace("DIR", temp().toString()));
    if (limits) {
      assertThat(KernelJvm.succeeds(prlimit, "--" + beforehand.get(0) + "=20000:")).isTrue();
    }
    assertThat(seen).as("what a user sees").matches(row.cell(SEEN));
    assertThat(jvm().left()).as("left behind").isEqualTo(Act.FINE);
  }
}
