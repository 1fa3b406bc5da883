package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JVMs that were started in unusual ways: an ignored SIGCHLD, odd environments, tight limits,
 * denied native access.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class StartedSpeciallyTest {
  @TempDir Path temp = Path.of("");

  private Path result() {
    return temp.resolve("result");
  }

  @Test
  void ignoredSigchldKeepsTheExitCodes() throws Exception {
    assertThat(new SubJvm().run("trap '' CHLD; exec \"$@\"", Exits.class, result()))
        .isEqualTo(Exits.TRUE);
  }

  /** Reports some exits, the last one by a signal from us. */
  static final class Exits {
    private static final int SIGTERM = 15;

    static final String TRUE =
        "Exited[code=7] Killed[signal=9, coreDumped=false] Exited[code=0]"
            + " Killed[signal=15, coreDumped=false]";

    private Exits() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      List<String> codes = new ArrayList<>();
      for (String script : List.of("sleep 0.1; exit 7", "kill -9 $$", "exit 0")) {
        try (StepDriver driver = new StepDriver(platform, SpawnRequests.shell(script).build())) {
          driver.text();
          codes.add(String.valueOf(driver.status()));
        }
      }
      try (StepDriver driver = new StepDriver(platform, SpawnRequests.of("cat").build())) {
        driver.child().signal(SIGTERM);
        driver.text();
        codes.add(String.valueOf(driver.status()));
      }
      SubJvm.report(arguments[0], String.join(" ", codes));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "POSIX"})
  void bytesSurviveEveryLocale(String locale) throws Exception {
    String script = "LC_ALL=" + locale + " ODD=\"$(printf 'a\\377\\200')\" exec \"$@\"";
    assertThat(new SubJvm().run(script, Bytes.class, result(), temp.toString()))
        .isEqualTo(SubJvm.FINE);
  }

  /** Passes on what no charset expresses, and paths that only bytes can name. */
  static final class Bytes {
    private Bytes() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      String odd = "ODD=a\u00ff\u0080";
      for (SpawnRequests request :
          List.of(
              SpawnRequests.of("cat", "/proc/self/environ"),
              SpawnRequests.of("cat", "/proc/self/environ")
                  .environment(new io.github.jpopen.spi.SpawnRequest.Put("X", "é☃")))) {
        List<String> variables = List.of(bytes(platform, request).split("\0", -1));
        check(variables.contains(odd), "ODD in " + variables);
      }
      check(
          bytes(platform, SpawnRequests.of("echo", "-n", "é☃"))
              .equals("\u00c3\u00a9\u00e2\u0098\u0083"),
          "argument");
      Path directory = Path.of(arguments[1]);
      bytes(
          platform,
          SpawnRequests.shell("cd \"$0\"; mkdir \"$(printf 'd\\377')\"", directory.toString()));
      try (var list = Files.list(directory)) {
        Path found =
            list.filter(path -> path.getFileName().toString().startsWith("d"))
                .findFirst()
                .orElseThrow();
        check(
            bytes(platform, SpawnRequests.of("pwd").cwd(found)).endsWith("/d\u00ff\n"),
            "directory");
        Path file = found.resolve("f");
        bytes(
            platform,
            SpawnRequests.of("echo", "x")
                .stdout(
                    new io.github.jpopen.spi.SpawnRequest.File(
                        file, io.github.jpopen.spi.SpawnRequest.File.Mode.WRITE)));
        check(Files.readString(file).equals("x\n"), "file");
      }
      checkProgram(platform, directory);
      SubJvm.report(arguments[0], SubJvm.FINE);
    }

    private static void checkProgram(PosixPlatform platform, Path directory) throws Exception {
      String script =
          "cd \"$0\"; f=$(printf 'p\\303\\251\\377'); printf '#!/bin/sh\\n"
              + "echo \"$0\" $1' >$f; chmod +x $f";
      bytes(platform, SpawnRequests.shell(script, directory.toString()));
      try (var list = Files.newDirectoryStream(directory, "p*")) {
        Path program = list.iterator().next();
        Path relative = Path.of("").toAbsolutePath().relativize(program);
        for (Command<byte[]> command :
            List.of(
                Command.of(program, "x"),
                Command.of(relative, "x"),
                Command.of(Path.of(".").resolve(program.getFileName()), "x").cwd(directory),
                Command.of("sh", "x").executable(program))) {
          String output = new String(command.checkOutput(), StandardCharsets.ISO_8859_1);
          check(output.endsWith("/p\u00c3\u00a9\u00ff x\n"), command.toString());
        }
      }
    }

    private static String bytes(PosixPlatform platform, SpawnRequests request) throws Exception {
      try (StepDriver driver = new StepDriver(platform, request.build())) {
        driver.text();
        return new String(driver.stdoutBytes(), StandardCharsets.ISO_8859_1);
      }
    }

    private static void check(boolean condition, String what) {
      if (!condition) {
        throw new AssertionError(what);
      }
    }
  }

  @Test
  void everyDeniedCallNamesTheFlag() throws Exception {
    String expected = "IllegalCallerException true; ".repeat(8);
    assertThat(new SubJvm().denied().run("exec \"$@\"", Denied.class, result()))
        .isEqualTo(expected);
  }

  /** Calls everything twice without permission. */
  static final class Denied {
    private Denied() {}

    public static void main(String[] arguments) throws Exception {
      StringBuilder thrown = new StringBuilder();
      for (int i = 0; i < 2; i++) {
        PosixPlatform platform = new PosixPlatform();
        if (!platform.isSupported()) {
          throw new AssertionError("supported");
        }
        List<Action> actions =
            List.of(
                () -> platform.spawn(SpawnRequests.of("true").build()),
                () -> platform.growable(Arena.global()),
                () -> platform.signalName(9),
                () -> platform.signalNumber("SIGKILL"));
        for (Action action : actions) {
          try {
            action.run();
            thrown.append("nothing; ");
          } catch (Throwable e) {
            String message = String.valueOf(e.getMessage());
            thrown
                .append(e.getClass().getSimpleName())
                .append(' ')
                .append(message.contains("--enable-native-access=ALL-UNNAMED"))
                .append("; ");
          }
        }
      }
      SubJvm.report(arguments[0], thrown.toString());
    }

    private interface Action {
      void run() throws IOException;
    }
  }

  @Test
  void unsupportedCpuIsNamed() throws Exception {
    assertThat(
            new SubJvm().option("-Dos.arch=riscv64").run("exec \"$@\"", ForeignCpu.class, result()))
        .isEqualTo("UnsupportedOperationException true");
  }

  /** Spawns where there are no bindings. */
  static final class ForeignCpu {
    private ForeignCpu() {}

    public static void main(String[] arguments) throws Exception {
      try {
        new PosixPlatform().spawn(SpawnRequests.of("true").build());
      } catch (UnsupportedOperationException e) {
        SubJvm.report(
            arguments[0],
            e.getClass().getSimpleName()
                + " "
                + String.valueOf(e.getMessage()).contains("os.arch riscv64"));
      }
    }
  }

  // A child takes four, so that with four limits in a row each call is the one that gets none.
  @ParameterizedTest
  @CsvSource({"60, false", "61, false", "62, false", "63, false", "61, true", "62, true"})
  void missingDescriptorsAreACleanFailure(int limit, boolean virtual) throws Exception {
    String script = "ulimit -n " + limit + "; exec \"$@\"";
    SubJvm jvm = new SubJvm().option("-XX:-MaxFDLimit");
    assertThat(jvm.run(script, FewDescriptors.class, result(), Boolean.toString(virtual)))
        .isEqualTo(SubJvm.FINE);
  }

  /** Spawns until descriptors run out, and again when there are some. */
  static final class FewDescriptors {
    private FewDescriptors() {}

    public static void main(String[] arguments) throws Exception {
      FutureTask<Void> spawns =
          new FutureTask<>(
              () -> {
                spawnAll(arguments[0]);
                return null;
              });
      boolean virtual = Boolean.parseBoolean(arguments[1]);
      (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(spawns);
      spawns.get();
    }

    private static void spawnAll(String result) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      try (StepDriver warm = new StepDriver(platform, SpawnRequests.of("true").build())) {
        warm.text();
      }
      try { // load what reports a failure while classes can still be opened
        new StepDriver(platform, SpawnRequests.of("cat").stdin(new Descriptor(4711)).build());
        throw new AssertionError("started");
      } catch (SpawnRefused e) {
        Resources.children();
      }
      List<StepDriver> drivers = new ArrayList<>();
      int failures = 0;
      List<String> before = Resources.descriptors();
      for (int i = 0; i < 200; i++) {
        try {
          drivers.add(new StepDriver(platform, SpawnRequests.of("cat").build()));
        } catch (SpawnRefused e) {
          if (e.culprit() != SpawnRefused.Culprit.RESOURCES || !e.errorName().equals("EMFILE")) {
            throw e;
          }
          failures++;
        }
      }
      // With few left a child does without a process descriptor, and a wait without a counter.
      for (StepDriver driver : drivers) {
        driver.text();
        driver.close();
      }
      for (int i = 0; i < 15; i++) {
        try (StepDriver driver = new StepDriver(platform, SpawnRequests.of("true").build())) {
          driver.text();
        }
      }
      boolean fine =
          failures > 100
              && drivers.size() > 5
              && Resources.descriptors().equals(before)
              && Resources.children().isEmpty();
      SubJvm.report(
          result,
          fine
              ? SubJvm.FINE
              : failures
                  + " "
                  + drivers.size()
                  + " "
                  + Resources.descriptors()
                  + Resources.children());
    }
  }

  @Test
  @Covers("Posix.test_preexec_fork_failure")
  void processLimitIsACleanFailure() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not here");
    Assumptions.assumeTrue(
        ProcessHandle.current().info().user().orElse("").equals("root"), "not root");
    // A user without other processes, whose limit the threads of the JVM count against. It may read
    // the classes and write the result wherever they are, even in a home that is closed to others.
    String script =
        "exec setpriv --reuid=$((20000 + $$ % 40000)) --clear-groups"
            + " --inh-caps=+dac_override --ambient-caps=+dac_override prlimit --nproc=90 \"$@\"";
    assertThat(
            new SubJvm()
                .option("-XX:+UseSerialGC", "-XX:CICompilerCount=1")
                .run(script, FewProcesses.class, result()))
        .isEqualTo(SubJvm.FINE);
  }

  /** Spawns until processes run out, and again when there are some. */
  static final class FewProcesses {
    private FewProcesses() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      List<StepDriver> drivers = new ArrayList<>();
      String error = "";
      while (error.isEmpty() && drivers.size() < 200) {
        try {
          drivers.add(new StepDriver(platform, SpawnRequests.of("cat").build()));
        } catch (SpawnRefused e) {
          error = e.errorName() + " " + e.culprit();
        }
      }
      int started = drivers.size();
      for (StepDriver driver : drivers) {
        driver.text();
        driver.close();
      }
      try (StepDriver driver = new StepDriver(platform, SpawnRequests.of("true").build())) {
        driver.text();
      }
      boolean fine =
          started > 3 && error.equals("EAGAIN RESOURCES") && Resources.children().isEmpty();
      SubJvm.report(
          arguments[0], fine ? SubJvm.FINE : started + " " + error + Resources.children());
    }
  }
}
