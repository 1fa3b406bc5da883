package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.RunningPipeline;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person can learn of a child, and of a call on it that hangs. */
public abstract class ExplanationContract extends ContractTest {
  private static final int LARGE = 4 << 20;
  private static final String SECRET = "hunter2";

  /** A call that hangs while the child lives, and what the explanation tells of it. */
  enum Hanging {
    COMMUNICATE("moves bytes in Popen.communicate", "no time limit") {
      @Override
      Object call(Popen<byte[]> p) throws Exception {
        return p.communicate(new byte[LARGE]);
      }
    },
    COMMUNICATE_TIMED("moves bytes in Popen.communicate", "total time limit in ") {
      @Override
      Object call(Popen<byte[]> p) throws Exception {
        return p.communicate(new byte[LARGE], LONG);
      }
    },
    WAIT("waits for the exit in Popen.waitFor", "no time limit") {
      @Override
      Object call(Popen<byte[]> p) throws Exception {
        return p.waitFor();
      }
    },
    WAIT_TIMED("waits for the exit in Popen.waitFor", "total time limit in ") {
      @Override
      Object call(Popen<byte[]> p) throws Exception {
        return p.waitFor(LONG);
      }
    },
    READ("moves bytes", "no time limit") {
      @Override
      Object call(Popen<byte[]> p) throws Exception {
        return p.stdout().read();
      }
    };

    final String activity;
    final String limit;

    Hanging(String activity, String limit) {
      this.activity = activity;
      this.limit = limit;
    }

    abstract Object call(Popen<byte[]> p) throws Exception;
  }

  private Command<byte[]> silent() {
    return child(live()).stdin(PIPE).captureOutput();
  }

  private static Background<Object> begin(Popen<byte[]> p, Callable<Object> call, String activity) {
    Background<Object> begun = Background.start(call);
    Eventually.await("the call is in", () -> p.explain().contains(activity));
    return begun;
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatHangsIsExplained(Hanging hanging) throws Exception {
    Popen<byte[]> p = start(silent());
    Background<Object> call = begin(p, () -> hanging.call(p), hanging.activity);
    String text = p.explain();
    assertThat(text)
        .startsWith("command \"")
        .contains("process " + p.pid() + ": ")
        .contains("\"" + call.thread().getName() + "\" " + hanging.activity)
        .contains("; " + hanging.limit)
        .contains("next deadline: ")
        .contains("stdout: open, 0 bytes received");
    assertThat(call.isDone()).isFalse();
    p.kill();
    awaitEnd(call);
    assertThat(p.explain()).as("the call is over").contains("no thread is in a call");
  }

  private static void awaitEnd(Background<?> call) {
    Eventually.await("the call ends", call::isDone);
  }

  @Test
  void theBytesOfAnInputThatIsNotReadAddUp() throws Exception {
    Popen<byte[]> p = start(silent());
    Background<Object> call = begin(p, () -> p.communicate(new byte[LARGE]), "moves bytes in");
    Eventually.await("the pipe is full", () -> taken(p.explain()) > 0);
    String text = p.explain();
    assertThat(taken(text) + unsent(text)).as(text).isEqualTo(LARGE);
    p.kill();
    awaitEnd(call);
  }

  private static long taken(String text) {
    return Long.parseLong(text.replaceAll("(?s).* (\\d+) bytes? taken.*", "$1"));
  }

  private static long unsent(String text) {
    return Long.parseLong(text.replaceAll("(?s).* (\\d+) bytes? unsent.*", "$1"));
  }

  @Test
  void outputThatIsNotReadIsInThePipe() throws Exception {
    Popen<byte[]> p = start(child(out("12345"), live()).captureOutput());
    // A system that reads ahead, as Windows does, begins when a call moves bytes.
    Eventually.await(
        "the bytes are there",
        () -> p.explain().contains("stdout: open, 0 bytes received, 5 bytes in"));
    assertThat(p.explain()).contains("hint: no thread reads stdout");
    assertThat(p.stdout().readNBytes(3)).hasSize(3);
    assertThat(p.explain()).contains("5 bytes received, 2 bytes of them not consumed");
  }

  @Test
  void theOtherStatesOfAChild() throws Exception {
    Popen<byte[]> p = start(child(exit(3)).captureOutput());
    awaitDeath(p.pid());
    Eventually.await("it is seen dead", () -> p.explain().contains("has ended"));
    assertThat(p.explain()).contains("no call has seen how");
    p.communicate();
    assertThat(p.explain()).contains(": returned exit status 3").contains("stdout: ended");
    p.close();
    assertThat(p.explain()).as("closed").contains(": returned exit status 3");
    Popen<byte[]> open = start(silent());
    open.kill();
    open.close();
    assertThat(open.explain()).contains("stdin: closed ").doesNotContain("held by");
  }

  @Test
  void nothingSecretIsShown() throws Exception {
    Popen<byte[]> p =
        start(child(touch(file(SECRET)), live()).env("TOKEN", SECRET).stdin(PIPE).captureOutput());
    byte[] input = new byte[LARGE];
    Arrays.fill(input, (byte) 'x');
    System.arraycopy(utf8(SECRET), 0, input, 0, SECRET.length());
    Background<Object> call = begin(p, () -> p.communicate(input), "moves bytes in");
    assertThat(p.explain()).doesNotContain(SECRET).doesNotContain("xxx").doesNotContain("TOKEN");
    p.kill();
    awaitEnd(call);
  }

  @Test
  void eachStageOfAPipelineIsExplained() throws Exception {
    try (RunningPipeline<byte[]> p =
        Pipeline.of(child(live()), child(cat())).stdout(PIPE).start()) {
      Background<Object> call = Background.start(() -> p.communicate(Duration.ofMinutes(1)));
      Eventually.await("the call is in", () -> p.explain().contains(" moves bytes"));
      assertThat(p.explain())
          .contains("(stage 1 of 2), process " + p.pids().getFirst() + ": ")
          .contains("(stage 2 of 2), process " + p.pids().getLast() + ": ")
          .contains("total time limit in ");
      p.kill();
      awaitEnd(call);
    }
  }
}
