package io.github.jpopen.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.spi.UnqueuedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits for a change: signals, interrupts, both at once, and the time. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StateChangeTest {
  private final UnqueuedLock lock = new UnqueuedLock();
  private final StateChange change = new StateChange(lock);
  private final CompletableFuture<String> result = new CompletableFuture<>();
  private boolean waiting;

  private Thread waiter(boolean virtual, long nanos) {
    Runnable wait =
        () -> {
          try (var _ = lock.hold()) {
            waiting = true;
            long left = change.awaitUninterruptibly(nanos);
            result.complete((left > 0) + " " + Thread.interrupted());
          }
        };
    return virtual ? Thread.ofVirtual().start(wait) : Thread.ofPlatform().start(wait);
  }

  private void whenItWaits(Runnable action) {
    while (true) {
      try (var _ = lock.hold()) {
        if (waiting) { // set with the lock held, which only the wait gives up
          action.run();
          return;
        }
      }
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptHidesNoSignal(boolean virtual) throws Exception {
    Thread waiter = waiter(virtual, Long.MAX_VALUE);
    whenItWaits(
        () -> {
          waiter.interrupt();
          change.signalAll();
        });
    assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("true true");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptEndsNoUninterruptibleWait(boolean virtual) throws Exception {
    Thread waiter = waiter(virtual, Long.MAX_VALUE);
    whenItWaits(waiter::interrupt);
    whenItWaits(change::signalAll);
    assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("true true");
  }

  @Test
  void timeEndsTheWait() throws Exception {
    Thread waiter = waiter(false, 1_000_000);
    whenItWaits(waiter::interrupt);
    assertThat(result.get(20, TimeUnit.SECONDS)).startsWith("false");
  }
}
