package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A report for which core has no memory is made again by the next step. */
@EnabledOnOs(OS.WINDOWS)
class RepeatedReportsTest extends Win32Test {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Steps to the end; the first report of this name throws, and the driver does not hear it. */
  private static void run(StepDriver driver, String report) throws Exception {
    AtomicBoolean refuses = new AtomicBoolean(true);
    ChildEvents events =
        (ChildEvents)
            Proxy.newProxyInstance(
                ChildEvents.class.getClassLoader(),
                new Class<?>[] {ChildEvents.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals(report) && refuses.getAndSet(false)) {
                    throw new OutOfMemoryError("full for a moment");
                  }
                  try {
                    return method.invoke(driver, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Deadline deadline = Deadline.after(LONG);
    while (!driver.isOver() && !deadline.hasPassed()) {
      step(driver, events, deadline);
    }
    assertThat(refuses).isFalse();
    assertThat(driver.isOver()).isTrue();
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  private static void step(StepDriver driver, ChildEvents events, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      driver.child().step(events, deadline);
    } catch (OutOfMemoryError e) {
      // Core steps again.
    }
  }

  @Test
  void exit() throws Exception {
    run(start(SpawnRequests.shell("exit 3").noStreams()), "exited");
  }

  @Test
  void endOfAnOutput() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("echo hi& exit 3"));
    run(driver, "endOfFile");
    assertThat(driver.stdout()).isEqualTo("hi\r\n");
  }

  @Test
  void endOfTheInput() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("set /p x=& exit 3"));
    run(driver.input(new byte[] {'\r', '\n'}), "closed");
  }

  @Test
  void refusedInput() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("exit 3").stdout(new Null()).stderr(new Null()));
    run(driver.input(new byte[600_000]), "inputRefused");
  }

  @Test
  void brokenStream() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("echo hi& exit 3"));
    faults.fail("readFile", 1, 6);
    run(driver, "failed");
    assertThat(driver.failure()).hasMessageContaining("ReadFile");
  }
}
