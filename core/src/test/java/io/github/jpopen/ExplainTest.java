package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Which deadline, thread and cause of a hang an explanation names. */
class ExplainTest extends ScriptedTest {
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput();

  private static void await(Popen<?> p, String text) {
    long start = System.nanoTime();
    while (!p.explain().contains(text)) {
      if (System.nanoTime() - start > 20_000_000_000L) {
        throw new AssertionError("never: " + text + "\n" + p.explain());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void end(ScriptedChild child, Call<?> call) throws InterruptedException {
    child.diesNow(new io.github.jpopen.spi.Termination.Exited(0));
    call.interrupt();
    call.thread().join();
  }

  private void namesDeadline(ScriptedChild child, Popen<?> p, Callable<?> what, String deadline)
      throws Exception {
    Call<?> call = Call.of(what::call);
    await(p, "next deadline: " + deadline + " in ");
    end(child, call);
  }

  @Test
  void theNextDeadlineHasItsName() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> total = start(CAPTURED.idleTimeout(LONG.multipliedBy(2)));
    namesDeadline(child, total, () -> total.communicate(LONG), "total time limit");
    child = child();
    Popen<byte[]> idle = start(CAPTURED.idleTimeout(LONG));
    namesDeadline(child, idle, () -> idle.communicate(LONG.multipliedBy(2)), "idle timeout");
    child = child().exits(0);
    Popen<byte[]> drain = start(CAPTURED.drain(LONG));
    namesDeadline(child, drain, drain::communicate, "drain");
    child = child().onSignal(_ -> {});
    Popen<byte[]> grace = start(CAPTURED);
    namesDeadline(child, grace, () -> grace.stop(LONG), "grace");
  }

  @Test
  void severalThreadsAreListedAndTheFirstDeadlineCounts() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(CAPTURED);
    Call<?> mover = Call.virtual(p::communicate);
    Call<?> watcher = Call.of(() -> p.waitFor(LONG));
    await(p, "Popen.communicate");
    await(p, "Popen.waitFor");
    assertThat(p.explain())
        .containsPattern("virtual thread #\\d+ moves bytes in Popen.communicate")
        .contains("waits for the exit in Popen.waitFor")
        .contains("; no time limit\n")
        .contains("next deadline: total time limit in ");
    end(child, watcher);
    end(child, mover);
  }

  @Test
  void aConsumerThatHangsIsNamed() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    ScriptedChild child = child().stdout("line\n").endsOutputs().exits(0);
    Popen<String> p = start(CAPTURED.text().onLine((_, _) -> hang.await()));
    Call<?> call = Call.of(p::communicate);
    await(p, " is in a consumer of the output");
    assertThat(p.explain())
        .contains("hint: no byte moves while a consumer of the output runs")
        .contains(call.thread().getName());
    hang.countDown();
    call.result();
    assertThat(child.hasExited()).isTrue();
  }

  @Test
  void aSourceThatHangsIsNamed() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    InputStream silent =
        new InputStream() {
          @Override
          public int read() {
            try {
              hang.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return read();
          }
        };
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<?> call = Call.of(() -> p.communicate(Input.stream(silent)));
    await(p, "0 bytes unsent, and its source is still read");
    await(p, "hint: the source of the input gives nothing");
    hang.countDown();
    end(child, call);
  }

  @Test
  void anOpenStdinIsAHintBeforeCommunicateOnly() throws Exception {
    String hint = "hint: stdin is open";
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.explain()).contains(hint);
    Call<?> call = Call.of(() -> p.communicate());
    await(p, "Popen.communicate");
    assertThat(p.explain()).doesNotContain(hint);
    end(child, call);
  }

  @Test
  void anOutputThatAnotherProcessHoldsIsAHint() throws Exception {
    child().ends(StreamKind.STDERR).exits(0);
    Popen<byte[]> p = start(CAPTURED);
    p.waitFor();
    timedOut(() -> p.communicate(Duration.ofMillis(1)));
    assertThat(p.explain())
        .contains(": returned exit status 0")
        .contains("hint: stdout ends when its holders close it")
        .doesNotContain("hint: stderr");
  }

  @Test
  void oneLookAtAllProcessesServesAllPipes() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    ScriptedChild child =
        child()
            .heldBy(
                () -> {
                  looks.getAndIncrement();
                  return Map.of(
                      StreamKind.STDOUT, List.of(new PipeHolder(7, "a"), new PipeHolder(8, "")),
                      StreamKind.STDERR, List.of(new PipeHolder(8, "")));
                });
    Popen<byte[]> p = start(PIPES);
    assertThat(p.explain().lines())
        .anyMatch(line -> line.startsWith("  stdin: ") && line.endsWith("holders not known"))
        .anyMatch(line -> line.endsWith("held by process 7 (\"a\"), process 8"))
        .anyMatch(line -> line.endsWith("held by process 8"));
    assertThat(looks).as("explain()").hasValue(1);
    child.exits(0);
    p.waitFor();
    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ofMillis(1)));
    assertThat(e)
        .hasMessageContaining("stdout is held open by process 7 (\"a\"), process 8")
        .hasMessageContaining("stderr is held open by process 8 (");
    assertThat(looks).as("a timeout").hasValue(2);
    child.endsOutputs();
    p.communicate();
    assertThat(p.explain()).contains("stdout: ended");
    p.close();
    assertThat(p.explain()).contains("stdout: ended");
    assertThat(looks).as("no pipe is open").hasValue(2);
  }

  @Test
  void anInterruptStaysPendingAndDoesNotCount() throws Exception {
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(CAPTURED);
    Thread.currentThread().interrupt();
    assertThat(p.explain()).contains("process " + p.pid());
    assertThat(Thread.interrupted()).isTrue();
    p.communicate();
  }

  @Test
  void controlCharactersOfANameAreEscaped() throws Exception {
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(CAPTURED.named("a\u001b[2Jb\nc"));
    assertThat(p.explain().lines().findFirst().orElseThrow()).doesNotContain("\u001b");
    p.communicate();
  }
}
