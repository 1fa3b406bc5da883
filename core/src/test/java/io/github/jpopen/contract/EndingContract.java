package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Ending;
import io.github.jpopen.Ending.Cause;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How children end: asked first, killed, together with their group, or never by us. */
public abstract class EndingContract extends ContractTest {
  private static final String POLITE =
      "trap 'i=0; while [ $i -lt 2000 ]; do echo a line of the last words; i=$((i+1)); done; exit"
          + " 3' TERM; echo up; while :; do sleep 0.01; done";
  private static final String STUBBORN = "trap '' TERM; echo up; while :; do sleep 0.01; done";

  private static Popen<String> up(Popen<String> p) throws Exception {
    assertThat(p.stdoutReader().readLine()).isEqualTo("up");
    return p;
  }

  @Test
  @PosixOnly("the child handles SIGTERM")
  void stopLetsTheChildWriteItsLastWords() throws Exception {
    Popen<String> p = up(start(Command.shell(POLITE).text().stdout(PIPE)));
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(p.ending()).isEqualTo(new Ending(Cause.CALLER, List.of(Signal.SIGTERM)));
    assertThat(p.communicate().stdout().lines()).as("more than a pipe holds").hasSize(2000);
  }

  @Test
  @PosixOnly("the child ignores SIGTERM")
  void stopKillsAfterTheGrace() throws Exception {
    Popen<String> p = up(start(Command.shell(STUBBORN).text().stdout(PIPE)));
    assertThat(time(() -> p.stop(SHORT))).isGreaterThanOrEqualTo(SHORT);
    assertThat(p.returncode()).isEqualTo(-9);
    assertThat(p.ending()).hasToString("CALLER: SIGTERM, SIGKILL");
  }

  @Test
  @Covers("terminate, wait, kill")
  void stopEndsAnyChild() throws Exception {
    Popen<byte[]> p = start(child(live()));
    ExitStatus status = p.stop(Duration.ofMillis(500));
    assertThat(status.isSuccess()).isFalse();
    assertThat(p.ending().cause()).isEqualTo(Cause.CALLER);
    assertThat(p.status()).isEqualTo(status);
  }

  @Test
  @PosixOnly("the child handles SIGTERM")
  void timeoutOfRunAsksFirst() {
    Command<String> command = Command.shell(POLITE).text().captureOutput().grace(LONG);
    // A busy machine may need longer to start the shell, and then no trap is set.
    TimeoutExpiredException e = timedOut(() -> command.timeout(Duration.ofSeconds(3)).run());
    assertThat(e.ending()).contains(new Ending(Cause.TIMEOUT, List.of(Signal.SIGTERM)));
    assertThat(e.stdout().text()).hasLineCount(2001);
    assertThat(Resources.children()).isEmpty();
  }

  @Test
  @PosixOnly("the child handles SIGUSR1")
  void stopSignalAsksInPlaceOfSigterm() throws Exception {
    // Not SIGINT: what starts a JVM in the background may ignore that, and then so does the child.
    Command<String> command = Command.shell(POLITE.replace("TERM", "USR1")).text().stdout(PIPE);
    Popen<String> p = up(start(command.stopSignal(Signal.SIGUSR1)));
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(p.ending()).isEqualTo(new Ending(Cause.CALLER, List.of(Signal.SIGUSR1)));
    assertThat(p.communicate().stdout()).hasLineCount(2000);
  }

  @Test
  @PosixOnly("the child ignores SIGTERM")
  void killOnCloseAsksFirstToo() throws Exception {
    Popen<String> p =
        up(start(Command.shell(STUBBORN).text().stdout(PIPE).killOnClose().grace(SHORT)));
    p.close();
    assertThat(p.ending()).hasToString("CLOSE: SIGTERM, SIGKILL");
  }

  @Test
  void endingByItselfIsReported() throws Exception {
    assertThat(child(exit(4)).run().ending()).isEqualTo(new Ending(Cause.ITSELF, List.of()));
  }

  @Test
  @PosixOnly("Windows has no signals")
  void signalOfAnotherProcessIsReported() throws Exception {
    assertThat(Command.shell("kill -TERM $$").run().ending())
        .isEqualTo(new Ending(Cause.OTHER, List.of()));
  }

  @Test
  @PosixOnly("Windows has no process groups of this kind")
  @Covers("os.killpg")
  void signalReachesTheWholeGroup() throws Exception {
    // Both the shell and its two children hold the pipe until they end.
    Command<String> group = Command.shell("sleep 60 & sleep 60 & echo up; wait").text();
    Popen<String> p = up(start(group.stdout(PIPE).posix(o -> o.processGroup(0))));
    assertThat(p.sendSignalToGroup(Signal.SIGKILL)).isTrue();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
    assertThat(p.returncode()).isEqualTo(-9);
    assertThat(p.sendSignalToGroup(Signal.SIGKILL)).isFalse();
  }

  @Test
  @Covers("start_new_session of a daemon")
  void detachedChildWritesItsFileAndLeavesNothing() throws Exception {
    Path out = file("out");
    long pid = child(out("free")).stdout(Redirect.to(out)).startDetached();
    assertThat(pid).isPositive();
    Eventually.await("the file is written", () -> Files.exists(out) && out.toFile().length() == 4);
    awaitDeath(pid);
    Eventually.await("its exit is collected", () -> Resources.children().isEmpty());
  }
}
