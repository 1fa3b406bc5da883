package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.ThreadsTest.Kind;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** awaitAny and awaitAll: waiting for one or all of several children. */
class SeveralExitsTest extends ScriptedTest {
  private final List<ScriptedChild> scripts = new ArrayList<>();

  private List<Popen<byte[]>> children(int count) throws IOException {
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scripts.add(child());
      children.add(start(PIPES));
    }
    return children;
  }

  private void awaitAllStepped() {
    scripts.forEach(script -> script.awaitStepWanting());
  }

  @ParameterizedTest
  @EnumSource
  void anyReturnsTheFirstToEnd(Kind kind) throws Exception {
    List<Popen<byte[]>> children = children(3);
    Call<Optional<Popen<byte[]>>> waiting = kind.call(() -> Popen.awaitAny(children, LONG));
    awaitAllStepped();
    scripts.get(1).exits(7);
    assertThat(waiting.result()).containsSame(children.get(1));
    assertThat(children.get(1).returncode()).isEqualTo(7);
    assertThat(children.get(0).poll()).isEmpty();
  }

  @Test
  void anyPrefersTheFirstEndedInTheList() throws Exception {
    List<Popen<byte[]>> children = children(4);
    scripts.get(2).exits(2);
    scripts.get(1).exits(1);
    assertThat(Popen.awaitAny(children, LONG)).containsSame(children.get(1));
    assertThat(Popen.awaitAny(Collections.singletonList(children.get(2)), NONE)).isPresent();
    assertThat(Popen.awaitAny(children.reversed(), LONG)).containsSame(children.get(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE / 1000})
  void zeroTimeoutLooksOnce(long millis) throws Exception {
    List<Popen<byte[]>> children = children(2);
    Duration none = Duration.ofMillis(millis);
    assertThat(Popen.awaitAny(children, none)).isEmpty();
    assertThat(Popen.awaitAll(children, none)).isFalse();
    assertThat(scripts.get(1).steps()).allMatch(step -> step.pastDeadline());
    scripts.get(1).exits(0);
    assertThat(Popen.awaitAny(children, none)).containsSame(children.get(1));
    scripts.get(0).exits(0);
    assertThat(Popen.awaitAll(children, none)).isTrue();
  }

  @Test
  void timeoutPasses() throws Exception {
    List<Popen<byte[]>> children = children(2);
    scripts.get(1).exits(0);
    long start = System.nanoTime();
    assertThat(Popen.awaitAny(children.subList(0, 1), Duration.ofMillis(20))).isEmpty();
    assertThat(Popen.awaitAll(children, Duration.ofMillis(20))).isFalse();
    assertThat(System.nanoTime() - start).isGreaterThan(40_000_000L);
  }

  @Test
  void emptyListReturnsAtOnce() throws Exception {
    assertThat(Popen.awaitAny(List.<Popen<byte[]>>of(), LONG)).isEmpty();
    assertThat(Popen.awaitAll(List.of(), LONG)).isTrue();
  }

  @Test
  void sameChildMayBeListedManyTimes() throws Exception {
    Popen<byte[]> p = children(1).getFirst();
    List<Popen<byte[]>> often = Collections.nCopies(5, p);
    Call<Boolean> all = Call.of(() -> Popen.awaitAll(often, LONG));
    Call<Optional<Popen<byte[]>>> any = Call.of(() -> Popen.awaitAny(often, LONG));
    awaitAllStepped();
    scripts.getFirst().exits(4);
    assertThat(all.result()).isTrue();
    assertThat(any.result()).containsSame(p);
  }

  @Test
  void childrenMayHaveDifferentTypes() throws Exception {
    child().exits(0);
    Popen<byte[]> bytes = start(PIPES);
    child().exits(0);
    Popen<String> text = start(PIPES.text());
    Optional<Popen<?>> any = Popen.awaitAny(List.of(bytes, text), LONG);
    assertThat(any).isPresent();
    assertThat(Popen.awaitAll(List.of(bytes, text), LONG)).isTrue();
  }

  @Test
  void nullIsRefusedFirst() throws Exception {
    List<Popen<byte[]>> children = Arrays.asList(children(1).getFirst(), null);
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> Popen.awaitAny(children, LONG));
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> Popen.awaitAll(children, LONG));
    assertThat(scripts.getFirst().steps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void interruptKillsNoChildAndLeavesNoThread(Kind kind) throws Exception {
    List<Popen<byte[]>> children = children(3);
    Call<Optional<Popen<byte[]>>> any = kind.call(() -> Popen.awaitAny(children, LONG));
    awaitAllStepped();
    List<Thread> watchers =
        scripts.stream().map(script -> script.steps().getLast().thread()).toList();
    any.interrupt();
    assertThat(any.failure()).isInstanceOf(InterruptedException.class);
    for (Thread watcher : watchers) {
      assertThat(watcher.isVirtual()).isTrue();
      watcher.join(10_000);
      assertThat(watcher.isAlive()).isFalse();
    }
    Call<Boolean> all = kind.call(() -> Popen.awaitAll(children, LONG)).awaitParked();
    all.interrupt();
    assertThat(all.failure()).isInstanceOf(InterruptedException.class);
    for (ScriptedChild script : scripts) {
      assertThat(script.signals()).isEmpty();
      script.exits(1);
    }
    assertThat(Popen.awaitAll(children, LONG)).isTrue();
  }

  @Test
  void interruptedThreadDoesNotWait() throws Exception {
    List<Popen<byte[]>> children = children(2);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Popen.awaitAny(children, LONG));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Popen.awaitAll(children, LONG));
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void interruptedThreadGetsKnownExits() throws Exception {
    List<Popen<byte[]>> children = children(2);
    scripts.forEach(script -> script.exits(0));
    assertThat(Popen.awaitAll(children, LONG)).isTrue();
    Thread.currentThread().interrupt();
    assertThat(Popen.awaitAny(children, LONG)).isPresent();
    assertThat(Popen.awaitAll(children, LONG)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void manyThreadsWaitForTheSameChildren() throws Exception {
    List<Popen<byte[]>> children = children(4);
    List<Call<Optional<Popen<byte[]>>>> any = new ArrayList<>();
    List<Call<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Kind kind = i % 2 == 0 ? Kind.PLATFORM : Kind.VIRTUAL;
      any.add(kind.call(() -> Popen.awaitAny(children, LONG)));
      all.add(kind.call(() -> Popen.awaitAll(children, LONG)));
    }
    awaitAllStepped();
    scripts.get(3).exits(3);
    for (Call<Optional<Popen<byte[]>>> call : any) {
      assertThat(call.result()).containsSame(children.get(3));
    }
    assertThat(all).noneMatch(Call::isDone);
    scripts.subList(0, 3).forEach(script -> script.exits(0));
    for (Call<Boolean> call : all) {
      assertThat(call.result()).isTrue();
    }
  }

  @Test
  void closedChildIsRefused() throws Exception {
    List<Popen<byte[]>> children = children(2);
    Call<Optional<Popen<byte[]>>> any = Call.of(() -> Popen.awaitAny(children, LONG));
    awaitAllStepped();
    Thread.currentThread().interrupt();
    children.get(1).close(); // does not wait
    assertThat(Thread.interrupted()).isTrue();
    assertThat(any.failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
    assertThatIllegalStateException().isThrownBy(() -> Popen.awaitAny(children, LONG));
    scripts.get(0).exits(0);
    assertThatIllegalStateException().isThrownBy(() -> Popen.awaitAll(children, LONG));
  }

  @Test
  void failedLookIsReported() throws Exception {
    List<Popen<byte[]>> children = children(1);
    scripts.getFirst().fails(new IOException("no more memory"));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Popen.awaitAny(children, LONG));
    Call<Optional<Popen<byte[]>>> any = Call.of(() -> Popen.awaitAny(children, LONG));
    awaitAllStepped();
    scripts.getFirst().fails(new IOException("no more memory"));
    assertThat(any.failure()).isInstanceOf(UncheckedIOException.class);
    scripts.getFirst().fails(new IOException("no more memory"));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Popen.awaitAll(children, LONG));
  }

  @Test
  void awaitAnyAnswersATimeout() throws Exception {
    List<Popen<byte[]>> children = children(2);
    for (Popen<byte[]> p : children) {
      timedOut(() -> p.waitFor(NONE));
    }
    assertThat(Popen.awaitAny(children, NONE)).isEmpty();
    scripts.forEach(script -> script.exits(0));
    for (Popen<byte[]> p : children) {
      p.close();
    }
    assertThat(scripts).allMatch(script -> script.signals().isEmpty());
  }
}
