package io.github.jpopen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.TimeoutExpiredException.Limit;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.Test;

/** A limit on how long no byte may move. */
class IdleTimeoutTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void silenceEndsTheCall() throws Exception {
    ScriptedChild child = child().accepts(2).stdout("some");
    Popen<byte[]> p = start(PIPES.idleTimeout(SHORT));
    TimeoutExpiredException e = timedOut(() -> p.communicate("input".getBytes(UTF_8), LONG));
    assertThat(e.limit()).isEqualTo(Limit.IDLE);
    assertThat(e.timeout()).isEqualTo(SHORT);
    assertThat(e.bytesSent()).isEqualTo(2);
    assertThat(e.stdout().bytes()).asString().isEqualTo("some");
    assertThat(e).hasMessage("command \"fake\" moved no byte for 0.02 seconds");
    assertThat(child.signals()).isEmpty();
    child.accepts(3).stdout("more").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("somemore");
  }

  @Test
  void oneShotCallKills() {
    ScriptedChild child = child().stdout("some");
    Command<byte[]> command = Command.of("fake").captureOutput().idleTimeout(SHORT);
    assertThat(timedOut(command::run).limit()).isEqualTo(Limit.IDLE);
    assertThat(child.signals()).containsExactly(Signal.SIGKILL.number());
  }

  @Test
  void shorterTimeoutPassesFirst() throws Exception {
    child();
    Popen<byte[]> p = start(PIPES.idleTimeout(LONG));
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    assertThat(e.limit()).isEqualTo(Limit.TOTAL);
    assertThat(e.timeout()).isEqualTo(SHORT);
  }

  @Test
  void everyByteBeginsItAnew() throws Exception {
    ScriptedChild child = child();
    Duration idle = Duration.ofSeconds(3);
    Popen<byte[]> p = start(PIPES.idleTimeout(idle));
    Timer timer = new Timer(true);
    try {
      long start = System.nanoTime();
      timer.schedule(
          new TimerTask() {
            private int left = 9;

            @Override
            public void run() {
              if (--left > 0) {
                child.stdout("x");
              } else {
                child.endsOutputs().exits(0);
                cancel();
              }
            }
          },
          0,
          400);
      assertThat(p.communicate().stdout()).hasSize(8);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(idle);
    } finally {
      timer.cancel();
    }
  }

  @Test
  void zeroIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PIPES.idleTimeout(NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> PIPES.idleTimeout(SHORT.negated()));
  }
}
