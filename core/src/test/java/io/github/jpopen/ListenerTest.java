package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.LogWatch;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener hears of all that happens to a child, and breaks nothing. */
class ListenerTest extends ScriptedTest {
  private static final int KILL = Signal.SIGKILL.number();
  private static final Duration SHORT = Duration.ofMillis(5);

  private final Queue<ChildEvent> events = new ConcurrentLinkedQueue<>();
  private final Command<byte[]> heard = Command.of("fake").captureOutput().listener(events::add);

  /** What happened, in short, except for times. */
  private List<String> story() {
    List<String> story = new ArrayList<>();
    for (ChildEvent event : events) {
      assertThat(event.program()).isEqualTo("fake");
      assertThat(event.pid()).isEqualTo(4242);
      story.add(
          switch (event) {
            case ChildEvent.Started _ -> "started";
            case ChildEvent.Exited exited ->
                exited.status().isEmpty() ? "gone" : "exited " + exited.returncode();
            case ChildEvent.TimedOut timedOut -> timedOut.limit() + " " + timedOut.timeout();
            case ChildEvent.Killed killed -> killed.signal().name() + " " + killed.cause();
            case ChildEvent.LimitReached reached -> "limit of " + reached.stream();
          });
    }
    return story;
  }

  private ScriptedChild mortal() {
    ScriptedChild child = child();
    return child.onSignal(
        number -> {
          if (number == KILL) {
            child.diesNow(new Killed(KILL, false));
          }
        });
  }

  @Test
  void runIsAStartAndAnExit() throws Exception {
    child().accepts(5).stdout("1234567").stderr("123").endsOutputs().exits(3);
    heard.input("input").run();
    assertThat(story()).containsExactly("started", "exited 3");
    ChildEvent.Exited exited = (ChildEvent.Exited) List.copyOf(events).getLast();
    assertThat(exited.bytesSent()).isEqualTo(5);
    assertThat(exited.stdoutBytes()).isEqualTo(7);
    assertThat(exited.stderrBytes()).isEqualTo(3);
    assertThat(exited.lifetime()).isPositive();
    assertThat(exited.status()).contains(new ExitStatus.Exited(3));
  }

  @Test
  void bytesOfEachKindOfOutputAreCounted() throws Exception {
    for (UnaryOperator<Command<byte[]>> change :
        List.<UnaryOperator<Command<byte[]>>>of(
            c -> c.onLine((_, _) -> {}),
            c -> c.onChunk((_, _) -> {}),
            c -> c.stdout(PIPE.tail(2)).stderr(PIPE.head(1)),
            c -> c.stdout(PIPE.headAndTail(2)).stderr(PIPE.head(0)))) {
      events.clear();
      child().stdout("12345").stdout("67").stderr("123").endsOutputs().exits(0);
      change.apply(Command.of("fake").listener(events::add)).run();
      ChildEvent.Exited exited = (ChildEvent.Exited) List.copyOf(events).getLast();
      assertThat(exited.stdoutBytes()).isEqualTo(7);
      assertThat(exited.stderrBytes()).isEqualTo(3);
    }
  }

  @Test
  void aRunThatTimesOut() {
    mortal();
    timedOut(() -> heard.timeout(SHORT).run());
    assertThat(story())
        .containsExactly("started", "TOTAL " + SHORT, "SIGKILL TIMEOUT", "exited -" + KILL);
  }

  @Test
  void aSilentChild() {
    mortal();
    timedOut(() -> heard.idleTimeout(SHORT).run());
    assertThat(story())
        .containsExactly("started", "IDLE " + SHORT, "SIGKILL TIMEOUT", "exited -" + KILL);
  }

  @Test
  void eachTimeoutOfOneChild() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(heard);
    timedOut(() -> p.communicate(SHORT));
    timedOut(() -> p.waitFor(SHORT));
    assertThat(p.poll(SHORT)).as("no exception, no event").isEmpty();
    assertThat(story()).containsExactly("started", "TOTAL " + SHORT, "TOTAL " + SHORT);
    child.diesNow(new Killed(KILL, false));
    assertThat(p.poll()).isPresent();
    assertThat(story()).last().isEqualTo("exited -" + KILL);
  }

  @Test
  void signalsThatAreToEndTheChild() throws Exception {
    mortal();
    Popen<byte[]> p = start(heard);
    p.sendSignal(Signal.of(0));
    p.stop(SHORT);
    assertThat(story())
        .containsExactly("started", "SIGTERM CALLER", "SIGKILL CALLER", "exited -" + KILL);
  }

  @Test
  void anOutputThatIsTooLarge() {
    mortal().stdout("123456");
    Command<byte[]> limited =
        Command.of("fake").stdout(Redirect.PIPE.limit(5)).listener(events::add);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(limited::run))
        .isInstanceOf(OutputLimitException.class);
    assertThat(story())
        .containsExactly("started", "limit of STDOUT", "SIGKILL FAILURE", "exited -" + KILL);
  }

  /** How a child can come to its end without an exit that a call has observed. */
  enum Unobserved {
    DETACHED {
      @Override
      void happen(ListenerTest test) throws Exception {
        long _ = Command.of("fake").listener(test.events::add).startDetached();
      }
    },
    FORGOTTEN {
      @Override
      void happen(ListenerTest test) throws Exception {
        try (LogWatch _ = new LogWatch("io.github.jpopen")) {
          forget(test);
          for (int i = 0; i < 1000 && test.events.size() < 2; i++) {
            System.gc();
            Thread.sleep(10); // for the cleaner; a collection has no event to wait for
          }
        }
      }

      private void forget(ListenerTest test) throws IOException {
        Consumer<ChildEvent> listener = test::note;
        assertThat(Command.of("fake").captureOutput().listener(listener).start().poll()).isEmpty();
      }
    },
    CLOSED {
      @Override
      void happen(ListenerTest test) throws Exception {
        Popen<byte[]> p = test.heard.start();
        Thread.currentThread().interrupt(); // close does not wait
        p.close();
        assertThat(Thread.interrupted()).isTrue();
      }
    };

    abstract void happen(ListenerTest test) throws Exception;
  }

  /** Keeps no child in memory. */
  private void note(ChildEvent event) {
    events.add(
        event instanceof ChildEvent.Started started
            ? new ChildEvent.Started("fake", started.pid(), started.startTime(), () -> "")
            : event);
  }

  @ParameterizedTest
  @EnumSource
  void eachStartHasOneEnd(Unobserved how) throws Exception {
    child();
    how.happen(this);
    assertThat(story()).containsExactly("started", "gone");
  }

  @Test
  void oneExitForManyThatWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(heard);
    List<Call<?>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(i % 2 == 0 ? Call.of(p::waitFor) : Call.virtual(p::waitFor));
    }
    child.diesNow(new Killed(KILL, false));
    for (Call<?> call : calls) {
      call.result();
    }
    p.close();
    assertThat(story()).containsExactly("started", "exited -" + KILL);
  }

  /** What a listener may throw. */
  @SuppressWarnings("ImmutableEnumChecker") // thrown as they are
  enum Fault {
    EXCEPTION(new IllegalStateException("of the listener")),
    ERROR(new AssertionError("of the listener")),
    NO_MEMORY(new OutOfMemoryError("of the listener")),
    CHECKED(new IOException("of the listener"));

    final Throwable thrown;

    Fault(Throwable thrown) {
      this.thrown = thrown;
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @ParameterizedTest
  @EnumSource
  void whatAListenerThrowsIsLoggedAndBreaksNothing(Fault fault) throws Exception {
    mortal();
    Command<byte[]> command =
        Command.of("fake")
            .captureOutput()
            .listener(_ -> ListenerTest.<RuntimeException>sneak(fault.thrown))
            .listener(events::add);
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      Popen<byte[]> p = start(command);
      timedOut(() -> p.communicate(SHORT));
      assertThat(p.kill()).isTrue();
      assertThat(p.communicate().stdout()).isEmpty();
      assertThat(log.messages()).hasSize(4).allMatch(m -> m.contains("a listener failed"));
      assertThat(log.failures()).as("once for each event").hasSize(4).containsOnly(fault.thrown);
    }
    assertThat(story())
        .containsExactly("started", "TOTAL " + SHORT, "SIGKILL CALLER", "exited -" + KILL);
  }

  @Test
  void aListenerMayUseTheChildFromAnotherThread() throws Exception {
    child().endsOutputs().exits(0);
    AtomicReference<Popen<byte[]>> child = new AtomicReference<>();
    List<Object> seen = new ArrayList<>();
    Popen<byte[]> p =
        start(
            Command.of("fake")
                .captureOutput()
                .listener(
                    event -> {
                      if (event instanceof ChildEvent.Exited) {
                        seen.add(result(Call.of(() -> child.get().waitFor())));
                        seen.add(result(Call.of(() -> child.get().explain().isEmpty())));
                      }
                    }));
    child.set(p);
    p.communicate();
    assertThat(seen).containsExactly(0, false);
  }

  /** What a listener may do with the child on the thread of the event. */
  enum Use {
    EXPLAIN {
      @Override
      Object of(Popen<byte[]> p) {
        return p.explain();
      }
    },
    POLL {
      @Override
      Object of(Popen<byte[]> p) throws Exception {
        return p.poll().isPresent();
      }
    },
    WAIT {
      @Override
      Object of(Popen<byte[]> p) throws Exception {
        return p.waitFor();
      }
    },
    KILL {
      @Override
      Object of(Popen<byte[]> p) {
        return p.kill();
      }
    },
    STOP {
      @Override
      Object of(Popen<byte[]> p) throws Exception {
        return p.stop(SHORT);
      }
    },
    CLOSE {
      @Override
      Object of(Popen<byte[]> p) throws Exception {
        p.close();
        return p;
      }
    };

    abstract Object of(Popen<byte[]> p) throws Exception;

    Object unchecked(Popen<byte[]> p) {
      try {
        return of(p);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aListenerMayUseTheChildOnTheThreadOfTheEvent(Use use) throws Exception {
    mortal();
    AtomicReference<Popen<byte[]>> child = new AtomicReference<>();
    List<Object> seen = new ArrayList<>();
    AtomicBoolean using = new AtomicBoolean();
    Consumer<ChildEvent> uses =
        event -> {
          Popen<byte[]> p = child.get();
          boolean lives = event instanceof ChildEvent.TimedOut;
          boolean waits = lives && (use == Use.WAIT || use == Use.CLOSE); // as it does elsewhere
          if (p != null && !waits && using.compareAndSet(false, true)) { // it causes events itself
            try {
              seen.add(use.unchecked(p));
            } finally {
              using.set(false);
            }
          }
        };
    Popen<byte[]> p = start(heard.listener(uses));
    child.set(p);
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      timedOut(() -> p.communicate(SHORT));
      boolean _ = p.kill();
      p.close();
      assertThat(log.messages()).isEmpty();
    }
    assertThat(seen).isNotEmpty();
    assertThat(story()).startsWith("started", "TOTAL " + SHORT);
    assertThat(story().stream().filter(s -> s.startsWith("exited"))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"KILL", "STOP"})
  void aListenerThatKillsAtEachKillHearsOfNoKillOfItsOwn(Use use) throws Exception {
    mortal();
    AtomicReference<Popen<byte[]>> child = new AtomicReference<>();
    AtomicInteger kills = new AtomicInteger();
    Consumer<ChildEvent> uses =
        event -> {
          if (event instanceof ChildEvent.Killed) {
            kills.incrementAndGet();
            use.unchecked(child.get());
          }
        };
    Popen<byte[]> p = start(Command.of("fake").captureOutput().listener(uses).listener(this::note));
    child.set(p);
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      assertThat(p.sendSignal(Signal.SIGTERM)).isTrue();
      p.close();
      assertThat(log.messages()).isEmpty();
    }
    assertThat(kills).hasValue(1);
    assertThat(story()).contains("SIGKILL CALLER", "exited -" + KILL);
  }

  /** The output has come by then. */
  @Test
  void aListenerThatClosesAtTheExitCostsNoOutput() throws Exception {
    child().stdout("output").endsOutputs().exits(3);
    AtomicReference<Popen<byte[]>> child = new AtomicReference<>();
    Consumer<ChildEvent> closes =
        event -> {
          if (event instanceof ChildEvent.Exited) {
            Object _ = Use.CLOSE.unchecked(child.get());
          }
        };
    Popen<byte[]> p = start(heard.listener(closes));
    child.set(p);
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("output");
    assertThat(p.communicate()).isSameAs(output);
    assertThat(story()).containsExactly("started", "exited 3");
  }

  /** A listener may hand a kill of its own to another thread, and hears of that. */
  @Test
  void aSignalThatIsSentAgainIsNoFurtherEvent() throws Exception {
    child();
    AtomicInteger handed = new AtomicInteger();
    Consumer<ChildEvent> hands =
        event -> handed.addAndGet(event instanceof ChildEvent.Killed ? 1 : 0);
    Popen<byte[]> p = start(heard.listener(hands));
    assertThat(p.terminate()).isTrue();
    for (int done = 0; done < handed.get() && done < 100; done++) {
      assertThat(p.terminate()).isTrue();
    }
    assertThat(p.sendSignal(Signal.SIGHUP)).isTrue();
    assertThat(p.terminate()).isTrue();
    assertThat(story())
        .containsExactly("started", "SIGTERM CALLER", "SIGHUP CALLER", "SIGTERM CALLER");
  }

  private static Object result(Call<?> call) {
    try {
      return call.result();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aChildOfRunCanBeExplained() throws Exception {
    ScriptedChild child = child();
    Call<?> run = Call.of(heard::run);
    String text = "";
    while (!text.contains(" moves bytes in Command.run")) {
      ChildEvent first = events.peek();
      text = first instanceof ChildEvent.Started started ? started.explanation().get() : "";
      assertThat(run.isDone()).isFalse();
    }
    assertThat(text).startsWith("command \"fake\", process 4242: ").contains("; no time limit");
    child.diesNow(new Killed(KILL, false));
    run.result();
  }

  @Test
  void noEventHasAnArgumentOrABytes() throws Exception {
    child().accepts(100).stdout("secret-output").endsOutputs().exits(0);
    heard.args("secret-argument").env("NAME", "secret-value").input("secret-input").run();
    assertThat(events)
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.toString()).doesNotContain("secret"));
  }

  @Test
  void eventsDescribeThemselvesInALine() throws Exception {
    mortal().stdout("123456");
    Popen<byte[]> p = start(heard.named("night\nly"));
    timedOut(() -> p.communicate(SHORT));
    p.kill();
    p.communicate();
    assertThat(events.stream().map(ChildEvent::toString).map(ListenerTest::withoutTimes))
        .containsExactly(
            "child \"night\\u000aly\" (process 4242) started in T",
            "child \"night\\u000aly\" (process 4242) timed out after T, T after its start",
            "child \"night\\u000aly\" (process 4242) was sent SIGKILL (CALLER) after T",
            "child \"night\\u000aly\" (process 4242) was killed by SIGKILL (9) after T; bytes:"
                + " stdin 0, stdout 6, stderr 0");
  }

  private static String withoutTimes(String text) {
    return text.replaceAll("\\d+\\.\\d{3} s", "T");
  }

  @Test
  void theStagesOfAPipelineHaveTheirListeners() throws Exception {
    child().exits(1);
    child().stdout("x").endsOutputs().exits(0);
    Command<byte[]> stage = Command.of("fake").listener(events::add);
    Pipeline.of(stage, stage).stdout(Redirect.PIPE).run();
    assertThat(story()).containsExactlyInAnyOrder("started", "started", "exited 1", "exited 0");
  }

  @Test
  void aWaitForAPipelineTimesOutForEachStage() throws Exception {
    child();
    child();
    Command<byte[]> stage = Command.of("fake").listener(events::add);
    RunningPipeline<byte[]> p = start(Pipeline.of(stage, stage));
    timedOut(() -> p.waitFor(SHORT));
    assertThat(story()).containsExactly("started", "started", "TOTAL " + SHORT, "TOTAL " + SHORT);
  }

  @Test
  void aStageThatIsCutShortDidNotTimeOut() {
    mortal();
    mortal().stdout("123456");
    Command<byte[]> stage = Command.of("fake").listener(events::add);
    Pipeline<byte[]> both =
        Pipeline.of(stage.stderr(Redirect.PIPE), stage).stdout(Redirect.PIPE.limit(5));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(both::run))
        .isInstanceOf(OutputLimitException.class);
    assertThat(story())
        .containsOnlyOnce("limit of STDOUT")
        .noneMatch(event -> event.startsWith("TOTAL"));
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without it may do
  void aListenerIsNoNull() {
    Command<byte[]> command = Command.of("fake");
    assertThatNullPointerException()
        .isThrownBy(() -> command.listener(null))
        .withMessage("listener is null");
  }

  @Test
  void aTimeLongerThanALongOfNanosecondsHasAText() {
    Duration age = Duration.ofSeconds(10_000_000_000L);
    ChildEvent late =
        new ChildEvent.TimedOut("p", 1, TimeoutExpiredException.Limit.TOTAL, age, SHORT);
    assertThat(late.toString())
        .isEqualTo(
            "child \"p\" (process 1) timed out after 10000000000.000 s, 0.005 s after its"
                + " start");
  }
}
