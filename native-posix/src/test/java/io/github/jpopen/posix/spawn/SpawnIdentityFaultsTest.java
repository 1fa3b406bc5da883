package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.Identity;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every error of every call that gives a child descriptors, a umask, a user or groups, and the
 * result if such a call is missing. All tests use our own user and groups, so they need no root.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "threads of other systems cannot differ")
class SpawnIdentityFaultsTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final int US = HOST.effectiveUser();

  @TempDir Path temp = Path.of("");

  @BeforeEach
  void threadsCanDiffer() {
    notLikeMac("threads of macOS cannot differ");
    assumeFalse(
        Settings.ofSystemProperties().tier() == SpawnTier.SNAPSHOT, "needs a thread of its own");
  }

  private static Identity user(Account user) {
    return new Identity(Optional.of(user), Optional.empty(), Optional.empty());
  }

  private static Identity group(Account group) {
    return new Identity(Optional.empty(), Optional.of(group), Optional.empty());
  }

  private static Identity groups(Account... all) {
    return new Identity(Optional.empty(), Optional.empty(), Optional.of(List.of(all)));
  }

  private static final Identity OURSELVES = user(new Account.Id(US));

  static Stream<Arguments> fatal() {
    int perm = N.EPERM();
    Identity root = user(new Account.Name("root"));
    return Stream.of(
        Arguments.of("setThreadUser", "setresuid", OURSELVES, perm),
        Arguments.of("setThreadUser", "setresuid", OURSELVES, N.EAGAIN()),
        Arguments.of("setThreadGroup", "setresgid", group(new Account.Id(0)), perm),
        Arguments.of("setThreadGroups", "setgroups", groups(), perm),
        Arguments.of("findUser", "getpwnam_r", root, N.EMFILE()),
        Arguments.of("findUser", "getpwnam_r", root, N.ENOMEM()),
        Arguments.of("findUser", "getpwnam_r", root, N.ERANGE()),
        Arguments.of("findGroup", "getgrnam_r", group(new Account.Name("root")), N.ENOMEM()),
        Arguments.of("findGroup", "getgrnam_r", groups(new Account.Name("root")), N.EMFILE()));
  }

  @ParameterizedTest(name = "{0} {3}")
  @MethodSource("fatal")
  void everyFaultIsReported(String call, String name, Identity identity, int error)
      throws Exception {
    faults.failAlways(call, error);
    SpawnRequests request = SpawnRequests.of(TRUE).identity(identity);
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.call()).isEqualTo(name);
    assertThat(e.errorCode()).isEqualTo(error);
    assertThat(faults.calls("spawn")).isZero();
    faults.heal();
    start(SpawnRequests.of(TRUE).identity(OURSELVES)).text();
  }

  @Test
  void undroppableCapabilitiesAreNotPassedOn() {
    assumeTrue(US == 0, "only root has what must be dropped");
    faults.failAlways("dropAmbientCapabilities", N.EPERM());
    SpawnRequests request = SpawnRequests.of(TRUE).identity(user(new Account.Id(1)));
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.call()).isEqualTo("prctl");
    assertThat(faults.calls("setThreadUser")).isEqualTo(1);
    assertThat(faults.calls("spawn")).isZero();
  }

  static Stream<Arguments> pretended() {
    return Stream.of(
        Arguments.of("setThreadUser", "setresuid", user(new Account.Id(US + 1))),
        Arguments.of("setThreadGroup", "setresgid", group(new Account.Id(12_345))),
        Arguments.of("setThreadGroups", "setgroups", groups(new Account.Id(12_345))));
  }

  /** A filter may answer 0 and do nothing. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pretended")
  void ineffectiveCallIsDetected(String call, String name, Identity identity) {
    faults.answer(call, 1, 0);
    SpawnRequests request = SpawnRequests.of(TRUE).identity(identity);
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.call()).isEqualTo(name);
    assertThat(e.errorName()).isEqualTo("EPERM");
    assertThat(faults.calls("spawn")).isZero();
  }

  @Test
  void ineffectiveUmaskIsDetected() {
    faults.answer("setMask", 1, 0).answer("setMask", 2, 0);
    SpawnRequests request = SpawnRequests.of(TRUE).umask(077);
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.call()).isEqualTo("umask");
    assertThat(faults.calls("spawn")).isZero();
  }

  @Test
  void missingDescriptorsAreNotAnUnknownName() {
    faults.failAlways("findUser", N.EMFILE());
    SpawnRequests request = SpawnRequests.of(TRUE).identity(user(new Account.Name("root")));
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.culprit()).isEqualTo(SpawnRefused.Culprit.RESOURCES);
    assertThat(e).hasMessageContaining("descriptors");
  }

  @Test
  void searchIsRetriedForLongEntriesAndEintr() throws Exception {
    faults
        .fail("findUser", 1, N.ERANGE())
        .fail("findUser", 2, N.EINTR())
        .fail("findUser", 3, N.ERANGE())
        .fail("findGroup", 1, N.EINTR());
    Account us = new Account.Name(System.getProperty("user.name"));
    start(SpawnRequests.of(TRUE).identity(user(us))).text();
    assertThat(faults.calls("findUser")).isEqualTo(4);
    SpawnRefused e =
        catchThrowableOfType(
            SpawnRefused.class,
            () -> start(SpawnRequests.of(TRUE).identity(group(new Account.Name("nosuchgroup")))));
    assertThat(e.call()).isEqualTo("getgrnam_r");
    assertThat(faults.calls("findGroup")).isEqualTo(2);
  }

  @Test
  void descriptorClosedMeanwhileIsNamed() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      int fd = descriptorOf(file);
      faults.fail("clearCloseOnExec", 1, N.EBADF());
      SpawnRequests request = SpawnRequests.of(TRUE).passFds(fd);
      SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
      assertThat(e.call()).isEqualTo("fcntl");
      assertThat(e.errorName()).isEqualTo("EBADF");
      assertThat(faults.calls("spawn")).isZero();
      start(request).text();
      assertThat(open.read()).isEqualTo(-1);
    }
  }

  @Test
  void descriptorNumberOfOurPipeIsNotPassed() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    int free;
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      free = descriptorOf(file);
      assertThat(open.read()).isEqualTo(-1);
    }
    SpawnRequests request = SpawnRequests.of("cat").passFds(free);
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e).hasMessageContaining("descriptor " + free);
  }

  private static int descriptorOf(Path file) throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(link -> leadsTo(link, file))
          .mapToInt(link -> Integer.parseInt(link.getFileName().toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static boolean leadsTo(Path link, Path file) {
    try {
      return Files.isSameFile(link, file);
    } catch (java.io.IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  void onlyUmaskAndDirectoryNeedUnshare() throws Exception {
    faults.failAlways("unshareFilesAndDirectory", N.EPERM());
    PosixPlatform own =
        new PosixPlatform(faults.posix(), new Settings(SpawnTier.CLOSEFROM, true, true));
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> start(own, SpawnRequests.of(TRUE).umask(0)))
          .withMessage("umask needs Linux and unshare(CLONE_FS)");
    }
    assertThat(faults.calls("unshareFilesAndDirectory")).as("refused for good").isEqualTo(1);
    start(own, SpawnRequests.of(TRUE).identity(OURSELVES)).text();
    start(own, SpawnRequests.of(TRUE)).text();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> start(own, SpawnRequests.of(TRUE).identity(OURSELVES).cwd(temp)))
        .withMessage("a user or groups with a working directory need Linux and unshare(CLONE_FS)");
  }

  @Test
  void passingNeedsADescriptorTableOfItsOwn() throws Exception {
    faults
        .failAlways("unshareFilesAndDirectory", N.EPERM())
        .failAlways("closeRangeUnshared", N.ENOSYS());
    PosixPlatform own =
        new PosixPlatform(faults.posix(), new Settings(SpawnTier.CLOSEFROM, true, true));
    Path file = Files.createFile(temp.resolve("file"));
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      int fd = descriptorOf(file);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> start(own, SpawnRequests.of(TRUE).passFds(fd)))
          .withMessageStartingWith("passFds needs Linux 5.11");
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> start(own, SpawnRequests.of(TRUE).identity(OURSELVES)))
          .withMessage("a user or groups need Linux 5.11 or unshare(CLONE_FILES)");
      assertThat(open.read()).isEqualTo(-1);
    }
    start(own, SpawnRequests.of(TRUE).passFds(0, 1, 2)).text();
  }

  @Test
  void failedSpawnRestoresTheUser() throws Exception {
    assertThat(HOST.dumpable()).isEqualTo(1);
    faults.failAlways("spawn", N.EACCES());
    SpawnRequests request = SpawnRequests.of(TRUE).identity(OURSELVES);
    SpawnRefused e = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(e.errorName()).isEqualTo("EACCES");
    assertThat(faults.calls("setThreadUser")).as("and back").isEqualTo(2);
    assertThat(HOST.dumpable()).isEqualTo(1);
    assertThat(faults.calls("actionsInit")).isEqualTo(faults.calls("actionsDestroy"));
  }
}
