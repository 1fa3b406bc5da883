package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** More children than WaitForMultipleObjects takes. */
@EnabledOnOs(OS.WINDOWS)
class ExitWaitersTest extends Win32Test {
  private static final int CHILDREN = 130;
  private static final int OF_ONE_THREAD = 63;

  @Test
  void fewThreadsWaitForManyChildren() throws Exception {
    List<StepDriver> children = new ArrayList<>();
    List<CompletableFuture<StepDriver>> waits = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      // It waits for commands at an open stdin.
      StepDriver driver =
          start(SpawnRequests.of("cmd.exe").stdout(new Null()).stderr(new Null())).idle();
      children.add(driver);
      CompletableFuture<StepDriver> wait = new CompletableFuture<>();
      waits.add(wait);
      Thread.ofVirtual().start(() -> wait.complete(awaitExit(driver)));
    }
    await(
        "all are waited for",
        () ->
            faults.open().stream().filter(h -> h.startsWith("duplicateForWaiting")).count()
                == CHILDREN);
    assertThat(platform.services().children().exitWaiters().threads())
        .isEqualTo((CHILDREN + OF_ONE_THREAD - 1) / OF_ONE_THREAD);
    for (int i = CHILDREN - 1; i >= 0; i--) {
      assertThat(children.get(i).child().signal(Signals.SIGTERM)).isTrue();
    }
    for (CompletableFuture<StepDriver> wait : waits) {
      assertThat(wait.get().status()).isEqualTo(new Exited(1));
    }
    // A child that takes a free place needs no further thread.
    StepDriver next = start(SpawnRequests.shell("exit 3").noStreams());
    assertThat(awaitExit(next).status()).isEqualTo(new Exited(3));
    assertThat(platform.services().children().exitWaiters().threads()).isEqualTo(3);
  }

  private static StepDriver awaitExit(StepDriver driver) {
    try {
      while (driver.status() == null) {
        driver.step(Duration.ofSeconds(50));
      }
      return driver;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
