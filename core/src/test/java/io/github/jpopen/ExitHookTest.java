package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of the JVM while a child with killOnExit is being started. */
class ExitHookTest extends ScriptedTest {
  private final ExitHook hook = new ExitHook(Duration.ofMillis(5));

  /** It may wait for another process that opens a FIFO. */
  @Test
  void startThatTakesForEverDelaysNoEnd() throws Exception {
    ScriptedChild child = child();
    child.onSignal(number -> child.diesNow(new Killed(number, false)));
    Popen<byte[]> p = start(PIPES);
    try (ExitHook.Start start = hook.begin()) {
      assertThat(Call.of(this::end).result()).isTrue();
      start.started(p.ender());
    }
    assertThat(child.signals()).as("what comes too late is ended at once").containsExactly(9);
  }

  @Test
  void childThatWasStartedInTimeEndsWithTheJvm() throws Exception {
    ScriptedChild child = child();
    child.onSignal(number -> child.diesNow(new Killed(number, false)));
    Popen<byte[]> p = start(PIPES);
    try (ExitHook.Start start = hook.begin()) {
      start.started(p.ender());
    }
    assertThat(child.signals()).isEmpty();
    assertThat(Call.of(this::end).result()).isTrue();
    assertThat(child.signals()).containsExactly(9);
  }

  private boolean end() {
    hook.endAll();
    return true;
  }

  /** A listener may end the JVM. Then the hook must not wait for the start that calls it. */
  @Test
  void listenerHearsOfAStartThatIsOver() throws Exception {
    child();
    List<Object> starting = new ArrayList<>();
    Command<byte[]> command =
        PIPES
            .killOnExit()
            .listener(
                event -> {
                  if (event instanceof ChildEvent.Started) {
                    starting.add(startsUnderWay());
                  }
                });
    Popen<byte[]> _ = start(command);
    assertThat(starting).containsExactly(0);
  }

  private static Object startsUnderWay() {
    try {
      Field instance = ExitHook.class.getDeclaredField("INSTANCE");
      instance.setAccessible(true);
      Field starting = ExitHook.class.getDeclaredField("starting");
      starting.setAccessible(true);
      return starting.get(instance.get(null));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("ExitHook has changed", e);
    }
  }
}
