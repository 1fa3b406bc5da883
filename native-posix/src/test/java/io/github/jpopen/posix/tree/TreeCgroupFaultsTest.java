package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.contract.DelegatedCgroup;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that cannot give the child its cgroup is refused, and leaves nothing. */
class TreeCgroupFaultsTest extends TreeOfProcesses {
  private static final String LINGERS = "\"$2\" 60 & exec \"$2\" 60";

  private SpawnRefused refused(PosixPlatform on, Path parent) {
    SpawnRefused refused =
        catchThrowableOfType(
            SpawnRefused.class, () -> start(on, request(LINGERS).newCgroupBelow(parent)));
    assertThat(refused).isNotNull();
    assertThat(count()).as("processes").isZero();
    return refused;
  }

  private SpawnRefused refused(Path parent) {
    return refused(platform, parent);
  }

  /** Looks like a cgroup, but takes no process. */
  private Path pretended() throws IOException {
    Path parent = Files.createDirectory(temp.resolve("pretended"));
    Files.createFile(parent.resolve("cgroup.controllers"));
    return parent;
  }

  private void assertHasNoCgroup(Path parent) throws IOException {
    try (var all = Files.list(parent)) {
      assertThat(all.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void systemWithoutCgroupsRefuses() {
    Assumptions.assumeTrue(LIKE_MAC, "Linux has them");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> start(request(LINGERS).newCgroupBelow(temp)))
        .withMessage("newCgroupBelow needs Linux and /proc");
    assertThat(count()).isZero();
  }

  @Test
  void parentThatIsNoCgroup() throws Exception {
    notLikeMac("macOS has no cgroups");
    Path missing = temp.resolve("missing");
    Path file = Files.createFile(temp.resolve("file"));
    String start = "cannot start \"/bin/sh\": cgroup \"";
    assertThat(refused(missing))
        .hasMessage(start + missing + "\" does not exist (open: ENOENT)")
        .extracting(SpawnRefused::culprit)
        .isEqualTo(Culprit.OTHER);
    assertThat(refused(file)).hasMessage(start + file + "\" is not a directory (open: ENOTDIR)");
    assertThat(refused(temp))
        .hasMessage(start + temp + "\" is no cgroup of version 2 (open: ENOENT)");
    assertHasNoCgroup(temp);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EACCES | OTHER | may not be written to: it must be delegated to this user",
        "EPERM | OTHER | may not be written to: it must be delegated to this user",
        "EROFS | OTHER | takes no cgroup below it",
        "ENODEV | OTHER | takes no cgroup below it",
        "EAGAIN | RESOURCES | has as many cgroups below it as cgroup.max.descendants or"
            + " cgroup.max.depth allows"
      })
  void directoryThatCannotBeMade(String error, Culprit culprit, String why) throws Exception {
    notLikeMac("macOS has no cgroups");
    Path parent = pretended();
    faults.fail("makeDirectory", 1, number(error));
    SpawnRefused refused = refused(parent);
    assertThat(refused)
        .hasMessage(
            "cannot start \"/bin/sh\": cgroup \""
                + parent
                + "\" "
                + why
                + " (mkdir: "
                + error
                + ")");
    assertThat(refused.culprit()).isEqualTo(culprit);
    assertThat(refused.call()).isEqualTo("mkdir");
    assertThat(refused.errorName()).isEqualTo(error);
    assertThat(faults.calls("spawn")).as("no child was started").isZero();
    assertHasNoCgroup(parent);
  }

  @Test
  void missingMemoryAndDescriptorsAreLimits() throws Exception {
    notLikeMac("macOS has no cgroups");
    Path parent = pretended();
    faults.fail("makeDirectory", 1, HOST.constants().ENOMEM());
    assertThat(refused(parent))
        .hasMessage("cannot start \"/bin/sh\": resource limit: memory (mkdir: ENOMEM)");
    faults.failAlways("open", HOST.constants().EMFILE());
    assertThat(refused(parent))
        .hasMessage("cannot start \"/bin/sh\": resource limit: descriptors (open: EMFILE)");
    faults.heal();
    assertHasNoCgroup(parent);
  }

  @Test
  void childIsKilledIfNoDirectoryTakesIt() throws Exception {
    notLikeMac("macOS has no cgroups");
    Path parent = pretended();
    assertThat(refused(parent))
        .hasMessage(
            "cannot start \"/bin/sh\": cgroup \""
                + parent
                + "\" cannot take a process (open: ENOENT)");
    assertThat(faults.calls("spawn")).isEqualTo(1);
    assertHasNoCgroup(parent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EACCES", "ENOTSUP", "EPERM"})
  void childIsKilledIfItCannotBeMoved(String error) throws Exception {
    notLikeMac("macOS has no cgroups");
    try (DelegatedCgroup delegated = DelegatedCgroup.orSkip()) {
      AtomicBoolean refused = new AtomicBoolean();
      PosixPlatform refusing =
          new PosixPlatform(
              new ForwardingPosix(faults.posix()) {
                @Override
                public long write(int descriptor, MemorySegment from, long bytes) {
                  if (refused.getAndSet(true)) {
                    return super.write(descriptor, from, bytes); // the kill
                  }
                  await("it has started another", () -> count() == 2);
                  return -number(error);
                }
              },
              Settings.ofSystemProperties());
      assertThat(refused(refusing, delegated.path()))
          .hasMessageContaining("cgroup \"" + delegated.path() + "\" ")
          .hasMessageEndingWith(" (write: " + error + ")");
      assertThat(delegated.children()).isEmpty();
    }
  }

  @Test
  void spawnThatFailsLeavesNoDirectory() throws Exception {
    notLikeMac("macOS has no cgroups");
    Path parent = pretended();
    faults.fail("spawn", 1, HOST.constants().ENOMEM());
    assertThat(refused(parent).culprit()).isEqualTo(Culprit.RESOURCES);
    assertThat(faults.calls("makeDirectory")).isEqualTo(1);
    assertHasNoCgroup(parent);
  }

  private static int number(String name) {
    for (int number = 1; number < 200; number++) {
      if (HOST.constants().errorName(number).equals(name)) {
        return number;
      }
    }
    throw new IllegalArgumentException(name);
  }
}
