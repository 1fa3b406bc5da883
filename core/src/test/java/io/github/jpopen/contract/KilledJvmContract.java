package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A child with {@code killOnExit} ends with its JVM even if that is killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class KilledJvmContract {
  @TempDir Path temp = Path.of("");

  /** What the killed JVM needs beside the permission to make native calls. */
  protected List<String> options() {
    return List.of();
  }

  private Popen<String> start(String... args) throws IOException {
    List<String> options =
        Stream.concat(Stream.of("--enable-native-access=ALL-UNNAMED"), options().stream()).toList();
    return Command.of(ChildLauncher.jvm(options, KilledJvmProgram.class, args))
        .removeEnv("JAVA_TOOL_OPTIONS")
        .removeEnv("JDK_JAVA_OPTIONS")
        .stdout(PIPE)
        .text()
        .killOnClose()
        .start();
  }

  private static List<ProcessHandle> processes(Popen<String> jvm) throws IOException {
    return Stream.of(jvm.stdoutReader().readLine().split(" "))
        .map(id -> ProcessHandle.of(Long.parseLong(id)).orElseThrow())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"kept, false, true", "tree, false, false", "closed, true, true"})
  void killedJvm(String way, boolean childLives, boolean grandchildLives) throws Exception {
    killedJvm(childLives, grandchildLives, way, temp.toString());
  }

  private void killedJvm(boolean childLives, boolean grandchildLives, String... args)
      throws Exception {
    try (Popen<String> p = start(args)) {
      List<ProcessHandle> both = processes(p);
      try {
        assertThat(both).allMatch(ProcessHandle::isAlive);
        assertThat(p.kill()).isTrue(); // no hook runs
        p.waitFor();
        check("child", both.getFirst(), childLives);
        check("grandchild", both.getLast(), grandchildLives);
      } finally {
        both.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** One that lives proves it by an answer. One that has ended is a zombie until init looks. */
  private void check(String name, ProcessHandle process, boolean lives) throws Exception {
    if (lives) {
      Files.createFile(temp.resolve(name + KilledJvmProgram.ASKED));
      Path answer = temp.resolve(name + KilledJvmProgram.ANSWERED);
      Eventually.await("the " + name + " answers", () -> Files.exists(answer));
    } else {
      Eventually.await("the " + name + " has ended", () -> Resources.hasEnded(process));
    }
  }

  @Test
  void haltedJvm() throws Exception {
    try (Popen<String> p = start("halt", temp.toString())) {
      List<ProcessHandle> both = processes(p);
      try {
        p.waitFor();
        check("child", both.getFirst(), false);
        check("grandchild", both.getLast(), true);
      } finally {
        both.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  @PosixOnly("Windows has no process groups")
  void groupOfItsTreeEndsWithAKilledJvm() throws Exception {
    allEnd("group", temp.toString());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "finds it by its environment in /proc")
  void whatHasLeftTheSessionOfItsTreeEndsWithAKilledJvm() throws Exception {
    allEnd("session", temp.toString());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has cgroups")
  void whatIsInTheCgroupOfItsTreeEndsWithAKilledJvm() throws Exception {
    Assumptions.assumeFalse(
        "macos".equals(System.getProperty("io.github.jpopen.posix.calls")), "macOS has no cgroups");
    try (DelegatedCgroup delegated = DelegatedCgroup.orSkip()) {
      Path parent = Files.createDirectory(delegated.path().resolve("with a blank"));
      allEnd("cgroup", parent.toString());
    }
  }

  /** The cgroup is for kills of the tree, and this child was started without that option. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has cgroups")
  void killedJvmSparesTheCgroupOfAChildWithoutKillTree() throws Exception {
    Assumptions.assumeFalse(
        "macos".equals(System.getProperty("io.github.jpopen.posix.calls")), "macOS has no cgroups");
    try (DelegatedCgroup delegated = DelegatedCgroup.orSkip()) {
      killedJvm(false, true, "kept in a cgroup", temp.toString(), delegated.path().toString());
    }
  }

  @Test
  @PosixOnly("on Windows each child has a job")
  void fiftyChildrenEndWithAKilledJvm() throws Exception {
    allEnd("many", "100");
  }

  @Test
  @PosixOnly("on Windows there is no guard")
  void guardThatWasKilledIsReplaced() throws Exception {
    allEnd("unguarded", temp.toString());
  }

  private void allEnd(String... args) throws Exception {
    try (Popen<String> p = start(args)) {
      List<ProcessHandle> all = processes(p);
      try {
        assertThat(all).allMatch(ProcessHandle::isAlive);
        assertThat(p.kill()).isTrue();
        p.waitFor();
        Eventually.await("all have ended", () -> all.stream().allMatch(Resources::hasEnded));
      } finally {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }
}
