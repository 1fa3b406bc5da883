package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.LogWatch;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An unreachable child releases its resources and is logged once. */
class ForgottenTest extends ScriptedTest {

  private static void startAndForget(Command<byte[]> command) throws IOException {
    assertThat(command.start().poll()).isEmpty();
  }

  private static void startAndEnd(Command<byte[]> command) throws Exception {
    command.start().communicate();
  }

  @Test
  void forgottenChildIsReleasedWithOneWarning() throws Exception {
    ScriptedChild child = child();
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      startAndForget(PIPES.args("--secret"));
      System.gc();
      log.awaitMessage();
      assertThat(child.closes()).isEqualTo(1);
      assertThat(child.signals()).isEmpty();
      assertThat(log.messages())
          .containsExactly(
              "WARNING: child 4242 (fake) was forgotten: close it, or communicate with it to the"
                  + " end");
    }
  }

  @Test
  void finishedChildIsNotForgotten() throws Exception {
    ScriptedChild ended = child().endsOutputs().exits(0);
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      startAndEnd(PIPES);
      assertThat(ended.closes()).isEqualTo(1);
      ScriptedChild forgotten = child(); // its warning shows that the collector has run
      startAndForget(PIPES);
      System.gc();
      log.awaitMessage();
      assertThat(forgotten.closes()).isEqualTo(1);
      assertThat(log.messages()).hasSize(1);
      assertThat(ended.closes()).isEqualTo(1);
    }
  }
}
