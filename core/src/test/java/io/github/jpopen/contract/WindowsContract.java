package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.PosixOptions;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only Windows has. */
@EnabledOnOs(OS.WINDOWS)
public abstract class WindowsContract extends ContractTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 259, 0xC0000005, -1, Integer.MIN_VALUE})
  void exitCodeHasAllItsBits(int code) throws Exception {
    assertThat(child(exit(code)).call()).isEqualTo(code);
  }

  /** The three ways to end a child, which are one on Windows. */
  enum End {
    TERMINATE,
    KILL,
    SIGTERM;

    boolean of(Popen<?> p) throws IOException {
      return switch (this) {
        case TERMINATE -> p.terminate();
        case KILL -> p.kill();
        case SIGTERM -> p.sendSignal(Signal.SIGTERM);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"Win32.test_terminate", "Win32.test_kill", "Win32.test_send_signal"})
  void terminatedChildHasCodeOne(End end) throws Exception {
    Path ready = file("ready");
    var p = start(child(out("x"), touch(ready), live()).captureOutput());
    await(ready);
    assertThat(end.of(p)).isTrue();
    var output = p.communicate(LONG);
    assertThat(p.returncode()).isEqualTo(1);
    assertThat(output.stdout()).asString().isEqualTo("x");
    assertThat(output.stderr()).isEmpty();
  }

  /** So one command serves every system. */
  @Test
  void stopSignalHasNoEffect() throws Exception {
    var p = start(child(live()).stopSignal(Signal.SIGUSR1));
    assertThat(p.stop(LONG).returncode()).isEqualTo(1);
    assertThat(p.ending().signals()).containsExactly(Signal.SIGKILL);
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"Win32.test_terminate_dead", "Win32.test_kill_dead", "Win32.test_send_signal_dead"})
  void exitedChildKeepsItsCode(End end) throws Exception {
    var p = start(child(exit(42)));
    awaitDeath(p.pid());
    assertThat(end.of(p)).isFalse();
    assertThat(p.waitFor(LONG)).isEqualTo(42);
    assertThat(end.of(p)).isFalse();
  }

  @Test
  void otherSignalsAreRefused() throws Exception {
    var p = start(child(live()));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> p.sendSignal(Signal.SIGINT));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> p.sendSignal(Signal.SIGHUP));
    assertThat(p.sendSignal(Signal.of(0))).isTrue();
  }

  /** Windows cancels what a thread has in flight when the thread ends. */
  @Test
  void bytesSurviveTheEndOfTheCallingThread() throws Exception {
    byte[] input = Pattern.bytes(8 * MIB, 5);
    Path gate = gate("go on");
    var p = start(child(pass(2 * MIB), awaitFile(gate), cat()).stdin(PIPE).stdout(PIPE));
    for (int i = 0; i < 10; i++) {
      boolean first = i == 0;
      CompletableFuture<Boolean> timedOut = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      if (first) {
                        p.communicate(input, Duration.ofMillis(50));
                      } else {
                        p.communicate(Duration.ofMillis(50));
                      }
                      timedOut.complete(false);
                    } catch (TimeoutExpiredException _) {
                      timedOut.complete(true);
                    } catch (Exception e) {
                      timedOut.completeExceptionally(e);
                    }
                  });
      thread.join();
      assertThat(timedOut.get()).isTrue();
    }
    open(gate);
    assertThat(Pattern.sha256(p.communicate(LONG).stdout())).isEqualTo(Pattern.sha256(input));
  }

  /** A carrier that waits in the system runs nothing else, and there are few. */
  @Test
  void waitingVirtualThreadsHoldNoCarrier() throws Exception {
    Path gate = gate("end");
    int many = 2 * Runtime.getRuntime().availableProcessors() + 1;
    List<Background<?>> waiting = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      var p = start(child(awaitFile(gate), out("x")).captureOutput());
      boolean talks = i % 2 == 0;
      waiting.add(
          Background.start(
              Background.Kind.VIRTUAL,
              () -> talks ? p.communicate().stdout().length : p.waitFor() + 1));
    }
    Eventually.await("all wait", () -> waiting.stream().allMatch(Background::isWaiting));
    Background.start(
            Background.Kind.VIRTUAL,
            () -> {
              open(gate);
              return true;
            })
        .result();
    for (Background<?> wait : waiting) {
      assertThat(wait.result()).isEqualTo(1);
    }
  }

  @Test
  void otherChildrenDoNotHoldOurPipesOpen() throws Exception {
    Path gate = gate("end");
    var first = start(child(cat()).stdin(PIPE).stdout(PIPE));
    var neighbour = start(child(awaitFile(gate)).stdin(PIPE).captureOutput());
    Process other =
        new ProcessBuilder(ChildLauncher.command())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    var second = start(child(cat()).stdin(PIPE).stdout(PIPE));
    assertThat(first.communicate(utf8("one"), LONG).stdout()).asString().isEqualTo("one");
    assertThat(second.communicate(utf8("two"), LONG).stdout()).asString().isEqualTo("two");
    assertThat(neighbour.poll()).isEmpty();
    assertThat(other.waitFor()).isZero();
    open(gate);
    assertThat(neighbour.waitFor(LONG)).isZero();
  }

  @Test
  void batchFilesAreRefused() throws Exception {
    Path file = file("x.bat", "@echo injected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.of(file, "\"&calc").start())
        .withMessageContaining("CVE-2024-24576");
  }

  @Test
  void tooLongCommandLineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.of("x", "y".repeat(32_765)).start())
        .withMessage(
            "the command line has 32767 UTF-16 units, the limit is 32766: pass long arguments in a"
                + " file or by stdin");
  }

  @Test
  void posixOptionsAreRefused() {
    for (UnaryOperator<PosixOptions> option :
        List.<UnaryOperator<PosixOptions>>of(
            o -> o.newSession(),
            o -> o.processGroup(0),
            o -> o.pipeSize(4096),
            o -> o.passFds(7),
            o -> o.umask(0),
            o -> o.user(0),
            o -> o.group("daemon"),
            o -> o.extraGroups(),
            o -> o.resetAllSignals(),
            o -> o.newCgroupBelow(Path.of("cgroup")))) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> child().posix(option).start());
    }
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> child().rawArg("x".getBytes(UTF_8)).start());
  }

  @Test
  @Covers({
    "Win32.test_startupinfo",
    "Win32.test_startupinfo_keywords",
    "Win32.test_startupinfo_copy"
  })
  void childMayHaveANewGroupAndAHiddenWindow() throws Exception {
    var command = child(exit(3)).windows(o -> o.creationFlags(0x200).showWindow(0)).captureOutput();
    for (int i = 0; i < 2; i++) {
      assertThat(start(command).waitFor(LONG)).isEqualTo(3);
    }
  }

  @Test
  @Covers("Win32.test_creationflags")
  void childMayHaveANewConsole() throws Exception {
    var command = child(out("x"), exit(3)).windows(o -> o.creationFlags(0x10)).captureOutput();
    var p = start(command);
    assertThat(p.communicate(LONG).stdout()).asString().isEqualTo("x");
    assertThat(p.returncode()).isEqualTo(3);
  }
}
