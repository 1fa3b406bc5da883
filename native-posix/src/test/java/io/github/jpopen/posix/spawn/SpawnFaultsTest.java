package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.HostPosix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.Linked;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PipeToNext;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every error of every call that a spawn makes, the first, second and third time. After each the
 * descriptors and processes are as before, and the next spawn works.
 */
class SpawnFaultsTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final int EIO = 5;
  private static final int EBUSY = 16;
  private static final int EISDIR = 21;
  private static final int ELIBBAD = 80;

  private static final Map<String, String> C_NAMES =
      Map.ofEntries(
          Map.entry("pipe", "pipe"),
          Map.entry("open", "open"),
          Map.entry("duplicate", "fcntl"),
          Map.entry("setNonBlocking", "fcntl"),
          Map.entry("setPipeSize", "fcntl"),
          Map.entry("actionsInit", "posix_spawn_file_actions_init"),
          Map.entry("actionsAddDup2", "posix_spawn_file_actions_adddup2"),
          Map.entry("actionsAddCloseFrom", "posix_spawn_file_actions_addclosefrom_np"),
          Map.entry("actionsAddChdir", "posix_spawn_file_actions_addchdir_np"),
          Map.entry("attributesInit", "posix_spawnattr_init"),
          Map.entry("attributesSetFlags", "posix_spawnattr_setflags"),
          Map.entry("attributesSetGroup", "posix_spawnattr_setpgroup"),
          Map.entry("attributesSetMask", "posix_spawnattr_setsigmask"),
          Map.entry("attributesSetDefaults", "posix_spawnattr_setsigdefault"),
          Map.entry("spawn", "posix_spawn"));

  static Stream<Arguments> fatal() {
    List<Arguments> rows = new ArrayList<>();
    add(rows, "pipe", N.EMFILE(), N.ENFILE(), N.ENOMEM());
    add(rows, "open", N.EMFILE(), N.ENFILE(), N.ENOMEM(), N.EACCES());
    add(rows, "duplicate", N.EMFILE(), N.EBADF());
    add(rows, "setNonBlocking", N.EBADF(), N.EINVAL());
    add(rows, "setPipeSize", N.EPERM(), EBUSY);
    add(rows, "actionsInit", N.ENOMEM());
    add(rows, "actionsAddDup2", N.ENOMEM(), N.EBADF(), N.EINVAL());
    add(rows, "attributesInit", N.ENOMEM());
    add(rows, "attributesSetFlags", N.EINVAL());
    add(rows, "attributesSetGroup", N.EINVAL());
    add(rows, "attributesSetMask", N.EINVAL());
    add(rows, "attributesSetDefaults", N.EINVAL());
    add(
        rows,
        "spawn",
        N.ENOENT(),
        N.EACCES(),
        N.ENOEXEC(),
        ELIBBAD,
        N.EINVAL(),
        N.E2BIG(),
        N.ENOMEM(),
        EIO,
        N.EMFILE(),
        N.ELOOP(),
        N.ENAMETOOLONG(),
        N.EPERM(),
        EISDIR,
        N.ENOTDIR(),
        EBUSY,
        N.EBADF());
    SpawnTier best = Settings.ofSystemProperties().tier();
    if (best == SpawnTier.CLOEXEC_DEFAULT || best == SpawnTier.CLOSEFROM) {
      add(rows, "actionsAddChdir", N.ENOMEM());
      if (!LIKE_MAC) {
        add(rows, "actionsAddCloseFrom", N.ENOMEM(), N.EBADF(), N.EINVAL());
      }
    }
    return rows.stream();
  }

  private static void add(List<Arguments> rows, String call, int... errors) {
    for (int error : errors) {
      for (int occurrence = 1; occurrence <= 3; occurrence++) {
        rows.add(Arguments.of(call, N.errorName(error), error, occurrence));
      }
    }
  }

  // Makes every call that a spawn can make.
  private static SpawnRequests request() {
    return SpawnRequests.of("/bin/cat")
        .cwd(Path.of("/"))
        .stdin(new Pipe())
        .stdout(new Descriptor(1))
        .stderr(new Null())
        .processGroup(0)
        .pipeSize(8192);
  }

  @ParameterizedTest(name = "{0} {1} #{3}")
  @MethodSource("fatal")
  @Covers("promise 7")
  void everyFaultIsReported(String call, String name, int error, int occurrence) throws Exception {
    faults.fail(call, occurrence, error);
    SpawnRefused failure = null;
    for (int i = 0; i < 3 && failure == null; i++) {
      try {
        start(request()).close();
      } catch (SpawnRefused e) {
        failure = e;
      }
    }
    assertThat(failure).isNotNull();
    assertThat(failure.call()).isEqualTo(C_NAMES.get(call));
    assertThat(failure.errorName()).isEqualTo(name);
    assertThat(failure.errorCode()).isEqualTo(error);
    assertThat(failure.program()).isEqualTo("/bin/cat");
    assertThat(faults.calls("actionsInit") - failed("actionsInit", call))
        .isEqualTo(faults.calls("actionsDestroy"));
    assertThat(faults.calls("attributesInit") - failed("attributesInit", call))
        .isEqualTo(faults.calls("attributesDestroy"));
    faults.heal();
    start(request()).text();
  }

  @ParameterizedTest
  @CsvSource({
    "pipe, 1",
    "pipe, 2",
    "pipe, 3",
    "pipe, 4",
    "setNonBlocking, 1",
    "setNonBlocking, 2",
    "setNonBlocking, 3"
  })
  void faultBetweenLinkedChildrenLeavesNoEndOpen(String call, int occurrence) throws Exception {
    faults.fail(call, occurrence, N.EINVAL());
    assertThatThrownBy(this::startLinked).isInstanceOf(SpawnRefused.class);
    faults.heal();
    assertThat(startLinked()).isEqualTo("linked");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void linkedChildThatCannotStartLeavesNoEndOpen(int occurrence) throws Exception {
    faults.fail("spawn", occurrence, N.ENOENT());
    assertThatThrownBy(this::startLinked).isInstanceOf(SpawnRefused.class);
    faults.heal();
    assertThat(startLinked()).isEqualTo("linked");
  }

  /** Two children with a pipe between them, and one pipe for the errors of both. */
  @SuppressWarnings("try") // the links are closed early where nothing fails, as core does it
  private String startLinked() throws Exception {
    try (PipeLink between = new PipeLink();
        PipeLink errors = new PipeLink();
        StepDriver first =
            start(
                SpawnRequests.shell("printf linked; cat")
                    .stdout(new PipeToNext(between))
                    .stderr(new SharedPipe(errors)));
        StepDriver second =
            start(
                SpawnRequests.of("/bin/cat")
                    .stdin(new Linked(between))
                    .stderr(new Linked(errors)))) {
      between.close();
      errors.close();
      first.text();
      return second.text();
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "plays macOS on Linux")
  void failedInheritActionIsReported() throws Exception {
    Faults own = faultsOf(HostPosix.link(true)).fail("actionsAddInherit", 1, N.EBADF());
    PosixPlatform mac =
        new PosixPlatform(own.posix(), new Settings(SpawnTier.CLOEXEC_DEFAULT, true, true));
    SpawnRefused failure =
        catchThrowableOfType(
            SpawnRefused.class, () -> start(mac, SpawnRequests.of("true").inherit()));
    assertThat(failure.call()).isEqualTo("posix_spawn_file_actions_addinherit_np");
    assertThat(failure.errorName()).isEqualTo("EBADF");
    start(mac, SpawnRequests.of("true").inherit()).text();
    assertThat(own.calls("actionsAddInherit")).isGreaterThan(1);
    assertThat(own.calls("actionsInit")).isEqualTo(own.calls("actionsDestroy"));
  }

  private static int failed(String call, String failing) {
    return call.equals(failing) ? 1 : 0;
  }

  @ParameterizedTest(name = "{0} pipes")
  @MethodSource("pipes")
  void earlierPipesAreClosed(int occurrence) {
    for (int error : new int[] {N.EMFILE(), N.ENFILE(), N.ENOMEM()}) {
      faults.fail("pipe", occurrence, error);
      try {
        start(SpawnRequests.of("cat"));
        throw new AssertionError("started");
      } catch (java.io.IOException e) {
        assertThat(((SpawnRefused) e).culprit()).isEqualTo(SpawnRefused.Culprit.RESOURCES);
      }
    }
  }

  static Stream<Integer> pipes() {
    return Stream.of(1, 2, 3);
  }

  @Test
  void busySpawnIsRetried() throws Exception {
    for (int error : new int[] {N.EAGAIN(), N.ETXTBSY()}) {
      for (int times = 1; times <= 4; times++) {
        for (int i = 1; i <= times; i++) {
          faults.fail("spawn", i, error);
        }
        output(SpawnRequests.of(TRUE));
        faults.heal();
      }
      faults.failAlways("spawn", error);
      int before = faults.calls("spawn");
      long start = System.nanoTime();
      try {
        start(SpawnRequests.of(TRUE));
        throw new AssertionError("started");
      } catch (SpawnRefused e) {
        assertThat(e.errorCode()).isEqualTo(error);
      }
      assertThat(System.nanoTime() - start).isGreaterThan(50_000_000L);
      assertThat(faults.calls("spawn") - before).isEqualTo(5);
      faults.heal();
    }
  }

  @Test
  @Covers("Posix.test_preexec_fork_failure")
  void processLimitIsNamed() throws Exception {
    faults.failAlways("spawn", N.EAGAIN());
    try {
      start(SpawnRequests.of(TRUE));
      throw new AssertionError("started");
    } catch (SpawnRefused e) {
      assertThat(e.culprit()).isEqualTo(SpawnRefused.Culprit.RESOURCES);
      assertThat(e).hasMessageContaining("resource limit: processes");
    }
  }

  @Test
  void interruptedOpenIsRetried() throws Exception {
    int eintr = N.EINTR();
    faults.fail("open", 1, eintr).fail("open", 2, eintr);
    output(SpawnRequests.of("true").stdin(new Null()));
  }

  @Test
  void failureAfterTheSpawnEndsTheChild() {
    // Only a mistake of ours fails there: a descriptor that was closed already.
    faults.failAfterwards("close", 1 + ENDS_OF_THREAD, N.EBADF());
    assertThatThrownBy(() -> start(SpawnRequests.of("sleep", "60")))
        .isInstanceOf(IllegalStateException.class);
  }
}
