package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.scripted.LogWatch;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which kills reach what the child has started, and how survivors are reported. */
class TreeTest extends ScriptedTest {
  private static final int TERM = Signal.SIGTERM.number();
  private static final int KILL = Signal.SIGKILL.number();
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput().killTree();
  private static final ProcessHandle OTHER = ProcessHandle.current(); // any that is alive

  /** Ends only when it is killed, alone or with its tree. */
  private ScriptedChild mortal() {
    ScriptedChild child = child();
    return child
        .onSignal(
            number -> {
              if (number == KILL) {
                child.diesNow(new Killed(KILL, false));
              }
            })
        .onKillTree(
            () -> {
              child.diesNow(new Killed(KILL, false));
              return List.of();
            });
  }

  /** Ends when it is asked, and leaves one that does not. */
  private ScriptedChild childOfWhichOneLives() {
    ScriptedChild child = child().hasStarted(OTHER);
    return child.onSignal(
        number -> {
          if (number == TERM) {
            child.endsOutputs().exits(0);
          }
        });
  }

  @Test
  void optionReachesThePlatform() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES.killTree());
    assertThat(child.request().tree()).isTrue();
    assertThat(p.killTree()).isEmpty();
    assertThat(child.treeKills()).isEqualTo(1);
    p.communicate();
    assertThat(p.ending()).hasToString("CALLER: SIGKILL");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no groups of this kind")
  void childLeadsAGroupUnlessAnotherWasChosen() throws Exception {
    assertThat(request(PIPES.killTree()).posix().processGroup()).isEqualTo(OptionalInt.of(0));
    assertThat(request(PIPES.killTree().posix(o -> o.processGroup(7))).posix().processGroup())
        .isEqualTo(OptionalInt.of(7));
    assertThat(request(PIPES.killTree().posix(o -> o.newSession())).posix().processGroup())
        .isEmpty();
    assertThat(request(PIPES).posix().processGroup()).isEmpty();
  }

  private SpawnRequest request(Command<byte[]> command) throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(command);
    p.kill();
    p.communicate();
    return child.request();
  }

  @Test
  void killStaysWithOneProcess() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES.killTree());
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(KILL);
    assertThat(child.treeKills()).isZero();
  }

  @Test
  void timeoutKillsTheTree() {
    ScriptedChild child = mortal();
    TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).run());
    assertThat(child.treeKills()).isEqualTo(1);
    assertThat(child.signals()).isEmpty();
    assertThat(e.ending()).contains(new Ending(Ending.Cause.TIMEOUT, List.of(Signal.SIGKILL)));
  }

  @Test
  void timeoutAfterTheExitKillsWhatIsLeft() {
    ScriptedChild child = child().exits(0);
    TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).run());
    assertThat(child.treeKills()).isEqualTo(1);
    assertThat(e.ending()).contains(new Ending(Ending.Cause.ITSELF, List.of()));
  }

  @Test
  void survivorsAreInTheEndingAndInTheLog() throws Exception {
    ScriptedChild child = child();
    child.onKillTree(
        () -> {
          child.diesNow(new Killed(KILL, false));
          return List.of(OTHER);
        });
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).run());
      assertThat(e.ending().orElseThrow().survivors()).containsExactly(OTHER);
      assertThat(e.ending().orElseThrow())
          .hasToString("TIMEOUT: SIGKILL; survived: " + OTHER.pid());
      assertThat(log.messages()).anyMatch(m -> m.contains("has left: " + OTHER.pid()));
    }
  }

  @Test
  void failedLookKillsTheChildAtLeast() throws Exception {
    ScriptedChild child = mortal();
    child.onKillTree(
        () -> {
          throw new UncheckedIOException(new IOException("no /proc"));
        });
    Popen<byte[]> p = start(PIPES.killTree());
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(p::killTree)
        .withMessageContaining("no /proc");
    assertThat(child.signals()).containsExactly(KILL);
  }

  static Stream<RuntimeException> failedLooks() {
    return Stream.of(
        new UncheckedIOException(new IOException("no /proc")), new IllegalStateException("none"));
  }

  @ParameterizedTest
  @MethodSource("failedLooks")
  void callWhoseLookFailsHasKilledItsChild(RuntimeException failure) throws Exception {
    ScriptedChild first = unlookable(failure);
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).run());
      assertThat(e.ending()).contains(new Ending(Ending.Cause.TIMEOUT, List.of(Signal.SIGKILL)));
      assertThat(log.messages()).anyMatch(m -> m.contains("could not be looked for"));
    }
    ScriptedChild second = unlookable(failure);
    assertThat(start(PIPES.killTree()).stop(Duration.ZERO).returncode()).isEqualTo(-KILL);
    ScriptedChild third = unlookable(failure);
    Popen<byte[]> p = start(PIPES.killTree().killOnClose());
    p.close();
    assertThat(p.returncode()).isEqualTo(-KILL);
    assertThat(List.of(first, second, third)).allMatch(child -> child.signals().contains(KILL));
  }

  private ScriptedChild unlookable(RuntimeException failure) {
    return mortal()
        .onKillTree(
            () -> {
              throw failure;
            });
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no groups of this kind")
  void whatWasNotAskedGetsNoTime() throws Exception {
    ScriptedChild child = childOfWhichOneLives();
    Popen<byte[]> p = start(PIPES.killTree().posix(o -> o.processGroup(7)));
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(child.signals()).containsExactly(TERM);
    assertThat(child.groupSignals()).isEmpty();
    assertThat(child.treeWaits()).isZero();
    assertThat(child.treeKills()).isEqualTo(1);
  }

  @Test
  void stopAsksTheGroupAndGivesAllOfThemTime() throws Exception {
    ScriptedChild child = childOfWhichOneLives();
    Popen<byte[]> p = start(PIPES.killTree());
    assertThat(p.stop(SHORT)).isEqualTo(new ExitStatus.Exited(0));
    if (OS.WINDOWS.isCurrentOs()) {
      return; // no request reaches this child
    }
    assertThat(child.groupSignals()).containsExactly(TERM);
    assertThat(child.signals()).isEmpty();
    assertThat(child.treeKills()).as("one of them did not end").isEqualTo(1);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows cannot ask this child")
  void stopKillsNothingIfAllHaveEnded() throws Exception {
    ScriptedChild child = child();
    child.onSignal(number -> child.endsOutputs().exits(0));
    Popen<byte[]> p = start(PIPES.killTree());
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(child.treeKills()).isZero();
  }

  @Test
  void stopOfAnEndedChildKillsWhatItLeft() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES.killTree());
    p.waitFor();
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(child.treeKills()).isEqualTo(1);
    assertThat(child.groupSignals()).as("its number may be another group's").isEmpty();
  }

  @Test
  void killOnCloseKillsTheTree() throws Exception {
    ScriptedChild child = mortal();
    start(PIPES.killTree().killOnClose()).close();
    assertThat(child.treeKills()).isEqualTo(1);
  }

  @Test
  void closeThatKillsNothingLeavesTheTree() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    start(PIPES.killTree()).close();
    assertThat(child.treeKills()).isZero();
  }

  @Test
  void closeDoesNotWaitForASurvivor() throws Exception {
    ScriptedChild child = child();
    ProcessHandle survivor = handle(child.pid());
    child.onKillTree(() -> List.of(survivor));
    Popen<byte[]> p = start(PIPES.killTree().killOnClose());
    p.close();
    assertThat(child.treeKills()).isEqualTo(1);
    assertThat(child.hasExited()).isFalse();
    child.diesNow(new Exited(0));
  }

  static ProcessHandle handle(long pid) {
    Class<?>[] types = {ProcessHandle.class};
    ClassLoader loader = TreeTest.class.getClassLoader();
    return (ProcessHandle) Proxy.newProxyInstance(loader, types, (_, _, _) -> pid);
  }
}
