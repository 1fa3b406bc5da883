package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Ending;
import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A child that has ended, and a grandchild that still holds some of its pipes. */
public abstract class GrandchildContract extends ContractTest {
  private static final boolean HAS_PROC =
      File.separatorChar == '/' && Files.exists(Path.of("/proc/self/fd"));
  private static final Duration DRAIN = Duration.ofMillis(50);

  /** What the grandchild holds. */
  enum Held {
    STDIN,
    STDOUT,
    STDERR,
    BOTH;

    /** What the grandchild closes first. */
    List<Step> closes() {
      return switch (this) {
        case STDIN -> List.of(closeOut(), closeErr());
        case STDOUT -> List.of(closeIn(), closeErr());
        case STDERR -> List.of(closeIn(), closeOut());
        case BOTH -> List.of(closeIn());
      };
    }

    boolean stdout() {
      return this == STDOUT || this == BOTH;
    }

    boolean stderr() {
      return this == STDERR || this == BOTH;
    }
  }

  /** Ends with 5 as soon as its grandchild holds only that. */
  private Command<String> holding(Held held) {
    Assumptions.assumeTrue(
        held == Held.BOTH || File.separatorChar == '/',
        "a process of Windows inherits each stream twice, and can close one of the two");
    Path ready = file("ready");
    List<Step> steps = new ArrayList<>(held.closes());
    steps.add(touch(ready));
    steps.add(awaitFile(gate("grandchild")));
    Step[] grandchild = steps.toArray(Step[]::new);
    return child(out("o"), err("e"), starting(grandchild), awaitFile(ready), exit(5))
        .text()
        .captureOutput();
  }

  /** More than a pipe holds, if the grandchild is to be the one that does not read it. */
  private static byte[] input(Held held) {
    return new byte[held == Held.STDIN ? 1 << 20 : 0];
  }

  private static Command<String> inputOf(Command<String> command, Held held) {
    return command.input(input(held));
  }

  private static void check(Output<String> output, Held held) {
    assertThat(output.stdout()).isEqualTo("o");
    assertThat(output.stderr()).isEqualTo("e");
    assertThat(output.isStdoutComplete()).isEqualTo(!held.stdout());
    assertThat(output.isStderrComplete()).isEqualTo(!held.stderr());
    assertThat(output.isComplete()).isEqualTo(!held.stdout() && !held.stderr());
  }

  @ParameterizedTest
  @EnumSource
  void drainedCommunicateReturnsWhatCame(Held held) throws Exception {
    Popen<String> p = start(holding(held).stdin(PIPE).drain(DRAIN));
    Output<String> output = p.communicate(input(held), LONG);
    check(output, held);
    assertThat(p.status()).isEqualTo(new Exited(5));
    assertThat(p.communicate()).isSameAs(output);
  }

  @ParameterizedTest
  @EnumSource
  void communicateWithoutDrainTimesOutAndSaysWhy(Held held) throws Exception {
    Popen<String> p = start(holding(held).stdin(PIPE));
    TimeoutExpiredException e = timedOut(() -> p.communicate(input(held), SHORT));
    while (e.status().isEmpty()) { // the child has not ended yet
      e = timedOut(() -> p.communicate(SHORT));
    }
    assertThat(e.status()).contains(new Exited(5));
    assertThat(e.stdout().isComplete()).isEqualTo(!held.stdout());
    assertThat(e.stderr().isComplete()).isEqualTo(!held.stderr());
    String name = held == Held.BOTH ? "stdout" : held.name().toLowerCase(Locale.ROOT);
    assertThat(e)
        .hasMessageContaining("returned exit status 5, but its " + name)
        .hasMessageContaining(" (Command.drain limits this wait)");
    if (HAS_PROC) {
      assertThat(e).hasMessageContaining(" held open by process ").hasMessageContaining(" (\"");
    }
    open(file("grandchild"));
    assertThat(p.communicate(LONG).isComplete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void drainedRunHasTheTrueStatus(Held held) throws Exception {
    Command<String> command = inputOf(holding(held), held).drain(DRAIN).timeout(LONG);
    CompletedProcess<String> done = command.run();
    assertThat(done.status()).isEqualTo(new Exited(5));
    assertThat(done.ending().cause()).isEqualTo(Ending.Cause.ITSELF);
    assertThat(done.stdout()).isEqualTo("o");
    assertThat(done.stderr()).isEqualTo("e");
    assertThat(done.isStdoutComplete()).isEqualTo(!held.stdout());
    assertThat(done.isStderrComplete()).isEqualTo(!held.stderr());
  }

  @ParameterizedTest
  @EnumSource
  void timedRunWithoutDrainReportsTheStatus(Held held) throws Exception {
    // Not to be killed while it starts the grandchild: Windows would leave that suspended for ever.
    Duration start = time(() -> child(starting(exit(0))).checkCall());
    TimeoutExpiredException e = runFor(start.multipliedBy(3), held);
    for (int times = 12; times <= 48 && e.status().isEmpty(); times *= 4) { // a busy machine
      e = runFor(start.multipliedBy(times), held);
    }
    assertThat(e.status()).contains(new Exited(5));
    assertThat(e.ending().orElseThrow()).isEqualTo(new Ending(Ending.Cause.ITSELF, List.of()));
    assertThat(e.stdout().text()).isEqualTo("o");
  }

  private TimeoutExpiredException runFor(Duration time, Held held) throws Exception {
    Duration timeout = Duration.ofSeconds(1).plus(time);
    return timedOut(inputOf(holding(held), held).timeout(timeout)::run);
  }

  @Test
  void drainedFutureCompletes() throws Exception {
    CompletableFuture<CompletedProcess<String>> run =
        inputOf(holding(Held.BOTH), Held.BOTH).drain(DRAIN).runAsync();
    assertThat(run.get().isComplete()).isFalse();
  }

  @Test
  void closeDoesNotWaitForTheGrandchild() throws Exception {
    Popen<String> p = start(holding(Held.BOTH).stdin(PIPE));
    assertThat(p.waitFor(LONG)).isEqualTo(5);
    assertThat(time(p::close)).isLessThan(LONG);
  }

  @Test
  void cancelDoesNotWaitForTheGrandchild() throws Exception {
    Popen<String> p = start(holding(Held.BOTH).stdin(PIPE));
    assertThat(p.waitFor(LONG)).isEqualTo(5);
    CompletableFuture<Output<String>> future = p.communicateAsync();
    assertThat(future.cancel(true)).isTrue();
    assertThat(time(p::close)).isLessThan(LONG);
  }
}
