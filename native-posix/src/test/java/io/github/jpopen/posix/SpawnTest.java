package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.ProcSignals;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.spawn.SpawnTier;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Raw;
import io.github.jpopen.spi.SpawnRequest.Remove;
import io.github.jpopen.spi.SpawnRequest.Text;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import io.github.jpopen.spi.Termination.Exited;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest extends PosixTest {
  private static final OptionalInt NONE = OptionalInt.empty();

  @TempDir Path temp = Path.of("");

  @BeforeAll
  static void letTheJvmOpenWhatItKeeps() throws IOException {
    new ServerSocket(0).close();
  }

  @Test
  void inputComesBackAndTheExitIsSeen() throws Exception {
    StepDriver driver =
        start(SpawnRequests.of("cat")).input("b\na\n".getBytes(StandardCharsets.UTF_8));
    assertThat(driver.text()).isEqualTo("b\na\n");
    assertThat(driver.status()).isEqualTo(new Exited(0));
    assertThat(driver.log())
        .containsExactlyInAnyOrder("STDIN closed", "STDOUT end", "STDERR end", "exit");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("promise 6")
  void childHasItsThreeStreamsOnly() throws Exception {
    List<AutoCloseable> open = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> openers = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        open.add(new FileInputStream("/etc/passwd"));
      }
      for (int i = 0; i < 100; i++) {
        open.add(new ServerSocket(0));
      }
      // The last tier cannot help that another thread opens a file meanwhile.
      int threads = Settings.ofSystemProperties().tier() == SpawnTier.SNAPSHOT ? 0 : 8;
      for (int i = 0; i < threads; i++) {
        openers.add(Thread.ofPlatform().start(() -> openAndClose(stop)));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(output(SpawnRequests.of("ls", "/proc/self/fd"))).isEqualTo("0\n1\n2\n3\n");
      }
    } finally {
      stop.set(true);
      for (Thread opener : openers) {
        opener.join();
      }
      for (AutoCloseable one : open) {
        one.close();
      }
    }
  }

  private static void openAndClose(AtomicBoolean stop) {
    while (!stop.get()) {
      try {
        new FileInputStream("/etc/passwd").close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("promise 6")
  void noSignalIsBlockedOrCaughtAndOnlyOursAreIgnored() throws Exception {
    ProcSignals signals = ProcSignals.of(output(SpawnRequests.of("cat", ProcSignals.STATUS)));
    // What the C library reserves is ignored by children on macOS' way.
    assertThat(LIKE_MAC ? signals.withoutReserved() : signals).isEqualTo(ProcSignals.ofChild());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void pipeEndsOfTheChildBlock() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
      Path info = Path.of("/proc/" + driver.child().pid() + "/fdinfo/" + descriptor);
      int flags = 0;
      for (String line : Files.readAllLines(info)) {
        flags |= line.startsWith("flags:") ? Integer.parseInt(line.substring(6).strip(), 8) : 0;
      }
      assertThat(flags & 04000).as("O_NONBLOCK of " + descriptor).isZero();
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void argumentsArriveAsBytes() throws Exception {
    byte[] raw = {'x', (byte) 0xFF, 1, (byte) 0x80};
    StepDriver driver =
        start(
            SpawnRequests.of("cat", "/proc/self/cmdline")
                .argument(new Text("/dev/null"))
                .argument(new Text("/nö-☃"))
                .argument(new Raw(raw, "?")));
    driver.text();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write("cat\0/proc/self/cmdline\0/dev/null\0/nö-☃\0".getBytes(StandardCharsets.UTF_8));
    expected.write(raw);
    expected.write(0);
    assertThat(driver.stdoutBytes()).isEqualTo(expected.toByteArray());
  }

  @Test
  void environmentChangesApplyInOrder() throws Exception {
    assertThat(
            output(
                SpawnRequests.of("/usr/bin/env")
                    .environment(
                        new Put("LOST", "1"),
                        new Clear(),
                        new Put("A", "1"),
                        new Put("B", "ö=☃"),
                        new Put("A", "2"),
                        new Put("GONE", "x"),
                        new Remove("GONE"),
                        new Remove("NEVER"))))
        .isEqualTo("B=ö=☃\nA=2\n");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void unchangedEnvironmentIsPassedAsItIs() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat", "/proc/self/environ"));
    driver.text();
    byte[] own = Files.readAllBytes(Path.of("/proc/self/environ"));
    // The launcher may have added to it, but never in front.
    assertThat(new String(driver.stdoutBytes(), StandardCharsets.ISO_8859_1).split("\0"))
        .contains(new String(own, StandardCharsets.ISO_8859_1).split("\0"));
  }

  @Test
  void clearedEnvironmentIsEmpty() throws Exception {
    assertThat(output(SpawnRequests.of("/usr/bin/env").environment(new Clear()))).isEmpty();
  }

  @Test
  void childStartsInItsDirectory() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("hällo"));
    assertThat(output(SpawnRequests.of("pwd").cwd(directory)))
        .isEqualTo(directory.toRealPath() + "\n");
    Path script = Files.writeString(directory.resolve("here"), "#!/bin/sh\necho $0\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    String name = LIKE_MAC ? directory + "/./here" : "./here"; // an absolute one serves there only
    assertThat(output(SpawnRequests.of("./here").cwd(directory))).isEqualTo(name + "\n");
  }

  @Test
  void shellRunsAScript() throws Exception {
    assertThat(output(SpawnRequests.shell("echo \"$0-$1\"", "zero", "one")))
        .isEqualTo("zero-one\n");
    assertThat(output(SpawnRequests.shell("echo $0").executable(Path.of("/bin/bash"))))
        .isEqualTo("/bin/bash\n");
  }

  @Test
  void executableRunsInsteadOfTheFirstArgument() throws Exception {
    assertThat(output(SpawnRequests.of("other", "-c", "echo $0").executable(Path.of("/bin/sh"))))
        .isEqualTo("other\n");
    assertThat(output(SpawnRequests.of("other", "-c", "echo $0").executable(Path.of("sh"))))
        .isEqualTo("other\n");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void childStartsASessionOrJoinsAGroup() throws Exception {
    StepDriver session = start(SpawnRequests.of("sleep", "60").newSession());
    assertThat(Resources.stat(session.child().pid())[3]).isEqualTo("" + session.child().pid());
    StepDriver leader = start(SpawnRequests.of("sleep", "60").processGroup(0));
    String group = "" + leader.child().pid();
    assertThat(Resources.stat(leader.child().pid())[2]).isEqualTo(group);
    StepDriver member = start(SpawnRequests.of("sleep", "60").processGroup(leader.child().pid()));
    assertThat(Resources.stat(member.child().pid())[2]).isEqualTo(group);
  }

  @Test
  void pipeSizeIsTheCapacity() throws Exception {
    notLikeMac("without F_SETPIPE_SZ pipes have the size they have");
    StepDriver driver =
        start(SpawnRequests.of("sleep", "60").pipeSize(16384)).input(new byte[100_000]);
    driver.step(Duration.ofSeconds(5));
    driver.step(Duration.ZERO);
    assertThat(driver.sent()).isEqualTo(16384);
  }

  @Test
  void filesAreReadTruncatedAndAppended() throws Exception {
    Path in = Files.writeString(temp.resolve("ïn"), "from");
    Path out = Files.writeString(temp.resolve("out"), "old content");
    Path log = Files.writeString(temp.resolve("log"), "old ");
    StepDriver driver =
        start(
            SpawnRequests.shell("cat; echo new >&2")
                .stdin(new File(in, File.Mode.READ))
                .stdout(new File(out, File.Mode.WRITE))
                .stderr(new File(log, File.Mode.APPEND)));
    driver.text();
    assertThat(out).hasContent("from");
    assertThat(log).hasContent("old new\n");
  }

  @Test
  void stderrFollowsStdout() throws Exception {
    String script = "echo a; echo b >&2";
    assertThat(output(SpawnRequests.shell(script).stderr(new ToStdout()))).isEqualTo("a\nb\n");
    Path out = temp.resolve("out");
    start(SpawnRequests.shell(script).stdout(new File(out, File.Mode.WRITE)).stderr(new ToStdout()))
        .text();
    assertThat(out).hasContent("a\nb\n");
  }

  @Test
  void nullDeviceReadsAndWrites() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("cat; echo lost; echo lost >&2").noStreams());
    assertThat(driver.text()).isEmpty();
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  @Test
  @Covers("promise 12")
  void openDescriptorKeepsItsFlags() throws Exception {
    Path out = Files.createFile(temp.resolve("out"));
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = HOST.open(CStrings.string(PathBytes.of(out), arena), Access.BOTH);
      int flags = HOST.descriptorFlags(descriptor);
      start(SpawnRequests.shell("echo here").stdout(new Descriptor(descriptor))).text();
      assertThat(HOST.descriptorFlags(descriptor)).isEqualTo(flags);
      start(
              SpawnRequests.shell("echo and; echo there >&2")
                  .stdout(new Descriptor(descriptor))
                  .stderr(new Descriptor(descriptor)))
          .text();
      HOST.close(descriptor);
    }
    assertThat(out).hasContent("here\nand\nthere\n");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void inheritedStreamsAreOurs() throws Exception {
    StepDriver driver =
        start(
            SpawnRequests.shell("a=$(readlink /proc/$$/fd/1); echo $a >&2")
                .stdin(new Inherit())
                .stdout(new Inherit())
                .stderr(new Pipe()));
    driver.text();
    assertThat(driver.stderr().strip())
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString());
  }

  @Test
  void windowsOptionsAreRefused() {
    SpawnRequest request = SpawnRequests.of("true").noStreams().build();
    SpawnRequest windows =
        new SpawnRequest(
            request.command(),
            false,
            null,
            null,
            List.of(),
            new Null(),
            new Null(),
            new Null(),
            PosixSettings.NONE,
            new WindowsSettings(8, NONE),
            false,
            false);
    assertThatThrownBy(() -> platform.spawn(windows))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
