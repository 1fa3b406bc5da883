package io.github.jpopen.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.RunningPipeline;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.Termination.Exited;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A test against scripted children. Afterwards none of them may have seen core break the contract
 * of the seam, and all of them are closed.
 */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class ScriptedTest {
  /** All three streams are pipes. */
  protected static final Command<byte[]> PIPES =
      Command.of("fake").stdin(Redirect.PIPE).captureOutput();

  /** Far more than any test takes. */
  protected static final Duration LONG = Duration.ofMinutes(10);

  /** Looks once and does not wait. */
  protected static final Duration NONE = Duration.ZERO;

  static {
    ScriptedPlatform.install();
  }

  private final List<ScriptedChild> children = new ArrayList<>();
  private final List<RunningPipeline<?>> pipelines = new ArrayList<>();
  private final List<Popen<?>> popens = new ArrayList<>();

  /** A child with an empty script; the next start gets it. */
  protected final ScriptedChild child() {
    ScriptedChild child = new ScriptedChild();
    children.add(child);
    ScriptedPlatform.INSTANCE.prepare(child);
    return child;
  }

  /** The next start fails. */
  protected final void refuseNextStart(SpawnRefused refusal) {
    ScriptedPlatform.INSTANCE.refuseNext(refusal);
  }

  /** Starts the child that was prepared; it is closed after the test. */
  protected final <T> Popen<T> start(Command<T> command) throws IOException {
    Popen<T> popen = command.start();
    popens.add(popen);
    return popen;
  }

  /** Starts the children that were prepared; they are closed after the test. */
  protected final <T> RunningPipeline<T> start(Pipeline<T> pipeline) throws IOException {
    RunningPipeline<T> running = pipeline.start();
    pipelines.add(running);
    return running;
  }

  /** The exception of a call that must time out. */
  protected static TimeoutExpiredException timedOut(Callable<?> call) {
    return Assertions.catchThrowableOfType(TimeoutExpiredException.class, call::call);
  }

  /** Runs after every test; a long test may call it in between. */
  @AfterEach
  protected final void closeAllAndCheck() throws IOException {
    ScriptedPlatform.INSTANCE.clear();
    for (ScriptedChild child : children) {
      if (!child.hasExited()) {
        child.diesNow(new Exited(0));
      }
    }
    List<IOException> failures = new ArrayList<>();
    for (RunningPipeline<?> pipeline : pipelines) {
      try {
        pipeline.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    for (Popen<?> popen : popens) {
      try {
        popen.close();
      } catch (IOException e) {
        failures.add(e); // the check below is about resources, not about this
      }
    }
    for (ScriptedChild child : children) {
      assertThat(child.violations()).as("what core did against the contract of the seam").isEmpty();
      assertThat(child.openLinks()).as("ends of pipes between children").isZero();
    }
    assertThat(children.stream().filter(c -> c.closes() == 0 && c.wasStarted()))
        .as("children that were not given back; close threw %s", failures)
        .isEmpty();
    children.clear();
    popens.clear();
    pipelines.clear();
  }
}
