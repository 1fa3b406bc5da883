package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.ProcSignals;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.Identity;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way to spawn, forced, and how one follows the other where the system refuses. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the ways to spawn are those of Linux")
class SpawnTierTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();

  @TempDir Path temp = Path.of("");

  private PosixPlatform forced(SpawnTier tier) {
    return new PosixPlatform(faults.posix(), new Settings(tier, true, true));
  }

  @ParameterizedTest
  @EnumSource
  @Covers("promise 6")
  void everyTierIsolatesTheChild(SpawnTier tier) throws Exception {
    PosixPlatform platform = forced(tier);
    List<FileInputStream> open = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      open.add(new FileInputStream("/etc/passwd"));
    }
    Map<String, String> flags = flags();
    Path here = Files.readSymbolicLink(Path.of("/proc/self/cwd"));
    Path directory = Files.createDirectory(temp.resolve("in"));
    for (int i = 0; i < 20; i++) {
      assertThat(start(platform, SpawnRequests.of("ls", "/proc/self/fd")).text())
          .isEqualTo("0\n1\n2\n3\n");
      assertThat(start(platform, SpawnRequests.of("pwd").cwd(directory)).text())
          .isEqualTo(directory.toRealPath() + "\n");
    }
    String status = start(platform, SpawnRequests.of("cat", ProcSignals.STATUS)).text();
    assertThat(ProcSignals.of(status).withoutReserved()).isEqualTo(ProcSignals.ofChild());
    assertThat(Files.readSymbolicLink(Path.of("/proc/self/cwd"))).isEqualTo(here);
    assertThat(flags()).containsAllEntriesOf(flags);
    for (FileInputStream one : open) {
      one.close();
    }
  }

  private static Map<String, String> flags() throws IOException {
    Map<String, String> flags = new TreeMap<>();
    for (String name :
        java.util.Objects.requireNonNull(new java.io.File("/proc/self/fdinfo").list())) {
      try {
        Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", name));
        if (target.startsWith("/etc/passwd") || target.toString().endsWith("/modules")) {
          flags.put(name + target, Files.readAllLines(Path.of("/proc/self/fdinfo", name)).get(1));
        }
      } catch (IOException e) {
        flags.remove(name); // the directory itself
      }
    }
    return flags;
  }

  @ParameterizedTest
  @EnumSource
  void everyTierNamesTheCulprit(SpawnTier tier) {
    PosixPlatform platform = forced(tier);
    SpawnRefused failure =
        catchThrowableOfType(
            SpawnRefused.class, () -> start(platform, SpawnRequests.of("/no/such")));
    assertThat(failure.culprit()).isEqualTo(SpawnRefused.Culprit.PROGRAM);
    Path missing = temp.resolve("missing");
    failure =
        catchThrowableOfType(
            SpawnRefused.class, () -> start(platform, SpawnRequests.of(TRUE).cwd(missing)));
    assertThat(failure.culprit()).isEqualTo(SpawnRefused.Culprit.WORKING_DIRECTORY);
    assertThat(failure).hasMessage("working directory does not exist: \"" + missing + "\"");
    assertThat(failure.errorName()).isEqualTo("ENOENT");
  }

  @Test
  @Covers("promise 16")
  void refusedCallsAreNotRepeated() throws Exception {
    notLikeMac("close_range and unshare are always refused");
    for (int error : new int[] {N.EPERM(), N.ENOSYS(), N.EINVAL()}) {
      Faults own = faultsOf(HOST).without("hasCloseFrom").failAlways("closeRangeUnshared", error);
      PosixPlatform platform =
          new PosixPlatform(own.posix(), new Settings(SpawnTier.CLOSEFROM, true, true));
      for (int i = 0; i < 3; i++) {
        start(platform, SpawnRequests.of("true")).text();
      }
      assertThat(own.calls("closeRangeUnshared")).isEqualTo(1);
      assertThat(own.calls("unshareFilesAndDirectory")).isEqualTo(3);
      own.failAlways("unshareFilesAndDirectory", error);
      for (int i = 0; i < 3; i++) {
        start(platform, SpawnRequests.of("true")).text();
      }
      assertThat(own.calls("unshareFilesAndDirectory")).isEqualTo(4);
      assertThat(own.calls("actionsAddClose")).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ENOMEM", "EMFILE", "ENFILE", "EAGAIN", "EINTR", "EIO", "ENOSPC", "EBUSY"})
  void passingErrorIsNotRemembered(String name) throws Exception {
    notLikeMac("close_range and unshare are always refused");
    int error = number(name);
    int tries = error == N.EAGAIN() ? 5 : 1; // only that one is tried again at once
    faults.without("hasCloseFrom");
    failNext("closeRangeUnshared", tries, error);
    failNext("unshareFilesAndDirectory", tries, error);
    PosixPlatform platform = forced(SpawnTier.CLOSEFROM);
    start(platform, SpawnRequests.of("true")).text();
    assertThat(faults.calls("closeRangeUnshared")).isEqualTo(tries);
    assertThat(faults.calls("unshareFilesAndDirectory")).isEqualTo(tries);
    assertThat(faults.calls("actionsAddClose")).isPositive();
    start(platform, SpawnRequests.of("true")).text();
    assertThat(faults.calls("closeRangeUnshared")).as("the best way").isEqualTo(tries + 1);
    start(platform, SpawnRequests.of("true").umask(0)).text();
    assertThat(faults.calls("unshareFilesAndDirectory")).isEqualTo(tries + 1);
  }

  private void failNext(String call, int tries, int error) {
    for (int i = 1; i <= tries; i++) {
      faults.fail(call, i, error);
    }
  }

  private static int number(String error) {
    for (int number = 1; ; number++) {
      if (N.errorName(number).equals(error)) {
        return number;
      }
    }
  }

  @Test
  void unmarkedDescriptorIsAFailure() throws Exception {
    notLikeMac("there is no unshare");
    PosixPlatform platform = forced(SpawnTier.UNSHARE);
    for (int occurrence = 1; occurrence <= 3; occurrence++) {
      faults.fail("setCloseOnExec", occurrence, N.EINVAL());
      SpawnRefused failure =
          catchThrowableOfType(SpawnRefused.class, () -> start(platform, SpawnRequests.of("true")));
      assertThat(failure.call()).isEqualTo("fcntl");
      assertThat(failure.errorName()).isEqualTo("EINVAL");
      start(platform, SpawnRequests.of("true")).text();
    }
  }

  @Test
  void failedCloseActionIsReported() throws Exception {
    PosixPlatform platform = forced(SpawnTier.SNAPSHOT);
    for (int error : new int[] {N.ENOMEM(), N.EBADF(), N.EINVAL()}) {
      for (int occurrence = 1; occurrence <= 3; occurrence++) {
        faults.fail("actionsAddClose", occurrence, error);
        SpawnRefused failure =
            catchThrowableOfType(
                SpawnRefused.class, () -> start(platform, SpawnRequests.of("true")));
        assertThat(failure.call()).isEqualTo("posix_spawn_file_actions_addclose");
        assertThat(failure.errorCode()).isEqualTo(error);
        start(platform, SpawnRequests.of("true")).text();
      }
    }
    assertThat(faults.calls("actionsInit")).isEqualTo(faults.calls("actionsDestroy"));
  }

  /** What may throw once there is a process. */
  static Stream<Arguments> afterTheSpawn() {
    return Stream.of(SpawnTier.values())
        .flatMap(
            tier ->
                Stream.of("actionsDestroy", "attributesDestroy", "processDescriptor", "close")
                    .map(call -> Arguments.of(tier, call)));
  }

  @ParameterizedTest
  @MethodSource("afterTheSpawn")
  void childIsNotLostByAnError(SpawnTier tier, String call) throws Exception {
    PosixPlatform platform = forced(tier);
    boolean frees = !call.equals("processDescriptor");
    for (int occurrence = 1; occurrence <= (call.equals("close") ? 3 : 1); occurrence++) {
      Error error = new OutOfMemoryError("played");
      if (frees) {
        faults.failAfterwards(call, occurrence, error);
      } else {
        faults.fail(call, occurrence, error);
      }
      assertThatThrownBy(() -> start(platform, SpawnRequests.of("sleep", "60"))).isSameAs(error);
      assertThat(Resources.children()).isEmpty();
      start(platform, SpawnRequests.of("true")).text();
    }
  }

  @Test
  void childIsNotLostIfTheThreadCannotBecomeItselfAgain() throws Exception {
    notLikeMac("threads share a user");
    assumeTrue(ProcessHandle.current().info().user().orElse("").equals("root"), "not root");
    Error error = new OutOfMemoryError("played");
    faults.failAfterwards("setThreadUser", 2, error);
    Identity other =
        new Identity(Optional.of(new Account.Id(65534)), Optional.empty(), Optional.empty());
    assertThatThrownBy(
            () -> start(forced(SpawnTier.UNSHARE), SpawnRequests.of("sleep", "60").identity(other)))
        .isSameAs(error);
    assertThat(faults.calls("actionsInit")).isEqualTo(faults.calls("actionsDestroy"));
  }

  @Test
  void unshareReplacesAMissingChdirAction() throws Exception {
    notLikeMac("there is no unshare");
    faults.without("hasCloseFrom").without("hasChdir");
    PosixPlatform platform = forced(SpawnTier.CLOSEFROM);
    assertThat(start(platform, SpawnRequests.of("pwd").cwd(Path.of("/usr"))).text())
        .isEqualTo("/usr\n");
    assertThat(faults.calls("closeRangeUnshared")).isZero();
    start(platform, SpawnRequests.of("true")).text();
    assertThat(faults.calls("closeRangeUnshared")).isEqualTo(1);
    faults.failAlways("unshareFilesAndDirectory", N.EPERM());
    assertThatThrownBy(() -> start(platform, SpawnRequests.of("pwd").cwd(Path.of("/usr"))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("working directory needs glibc 2.29");
  }

  @Test
  void oldLibraryIsCheckedBeforeTheSpawn() throws Exception {
    Faults own = faultsOf(HOST).without("hasCloseFrom").text("libraryVersion", "2.17");
    PosixPlatform platform =
        new PosixPlatform(own.posix(), new Settings(SpawnTier.CLOSEFROM, true, true));
    start(platform, SpawnRequests.of("true")).text();
    int spawns = own.calls("spawn");
    Path noexec = Files.createFile(temp.resolve("noexec"));
    for (SpawnRequests request :
        List.of(
            SpawnRequests.of("/no/such"),
            SpawnRequests.of(noexec.toString()),
            SpawnRequests.of(temp.toString()),
            SpawnRequests.of(TRUE).cwd(temp.resolve("missing")),
            SpawnRequests.of(TRUE).cwd(noexec),
            SpawnRequests.of("./missing").cwd(temp))) {
      assertThat(catchThrowableOfType(SpawnRefused.class, () -> start(platform, request)))
          .isNotNull();
    }
    assertThat(own.calls("spawn")).isEqualTo(spawns);
    assertThat(own.calls("libraryVersion")).isPositive();
  }

  @Test
  @Covers("promise 12")
  void unshareKeepsDirectoryAndInterruptFlag() throws Exception {
    Path here = Files.readSymbolicLink(Path.of("/proc/self/cwd"));
    Thread.currentThread().interrupt();
    StepDriver driver = start(forced(SpawnTier.UNSHARE), SpawnRequests.of("true").cwd(temp));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Files.readSymbolicLink(Path.of("/proc/self/cwd"))).isEqualTo(here);
    driver.text();
  }
}
