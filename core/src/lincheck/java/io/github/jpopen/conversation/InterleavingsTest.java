package io.github.jpopen.conversation;

import io.github.jpopen.output.ChunkedOutput;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.conversation.CommunicateGate.Turn;
import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The stepping rule and the gate of communicate, in interleavings that Lincheck chooses: no thread
 * sleeps for ever. Nothing here has a deadline and no thread is interrupted, so a lost wake-up is a
 * hang, and Lincheck prints how it came about.
 */
final class InterleavingsTest {
  private static final int INTERLEAVINGS =
      Integer.getInteger("io.github.jpopen.interleavings", 200);

  private interface Action {
    void go() throws Exception;
  }

  private static Runnable unchecked(Action action) {
    return () -> {
      try {
        action.go();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  private static Thread start(Action action) {
    Thread thread = new Thread(unchecked(action));
    thread.start();
    return thread;
  }

  private static void check(Action action) {
    Lincheck.runConcurrentTest(INTERLEAVINGS, unchecked(action));
  }

  // Lincheck compares what it sees by equals, which AssertJ's assertions refuse.
  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("not as it should be");
    }
  }

  /** Does what came, one thing in each step; waits if nothing did. A wake-up is sticky. */
  private static final class TinyChild implements ChildProcess {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean end;
    private boolean exit;
    private boolean woken;

    void come(boolean endOfOutput) {
      lock.lock();
      try {
        end = endOfOutput;
        exit = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void step(ChildEvents events, Deadline deadline) throws InterruptedException {
      boolean wantsOutput = events.wants(StreamKind.STDOUT);
      boolean ended = false;
      boolean exited = false;
      lock.lock();
      try {
        while (!ended && !exited && !woken) {
          ended = end && wantsOutput;
          exited = exit && !ended;
          if (!ended && !exited) {
            changed.await();
          }
        }
        end &= !ended;
        exit &= !exited;
        woken = false;
      } finally {
        lock.unlock();
      }
      if (ended) {
        events.endOfFile(StreamKind.STDOUT);
      }
      if (exited) {
        events.exited(new Termination.Exited(0));
      }
    }

    @Override
    public void wake() {
      lock.lock();
      try {
        woken = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public boolean signal(int number) {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void twoWhoWaitForTheExitBothHearOfIt() {
    check(
        () -> {
          TinyChild child = new TinyChild();
          ChildState state = new ChildState(child, false, new EnumMap<>(StreamKind.class));
          Thread one = start(() -> awaitExit(state));
          Thread two = start(() -> awaitExit(state));
          child.come(false);
          one.join();
          two.join();
          require(state.status() != null);
        });
  }

  @Test
  void whoMovesBytesAndWhoWaitsForTheExitBothComeToAnEnd() {
    check(
        () -> {
          TinyChild child = new TinyChild();
          ChildState state =
              new ChildState(
                  child, false, new EnumMap<>(Map.of(StreamKind.STDOUT, new ChunkedOutput())));
          Thread mover =
              start(() -> state.stepper.until(state::isComplete, Deadline.never(), Role.MOVER));
          Thread watcher = start(() -> awaitExit(state));
          child.come(true);
          mover.join();
          watcher.join();
          require(state.status() != null && state.isComplete());
        });
  }

  private static void awaitExit(ChildState state) throws Exception {
    state.stepper.until(() -> state.status() != null, Deadline.never(), Role.WATCHER);
  }

  @Test
  void theNextTurnComesWhenTheOneThatWasGivenUpHasEnded() {
    check(
        () -> {
          CommunicateGate gate = new CommunicateGate(new UnqueuedLock());
          Turn first = gate.enter();
          Thread leaving = start(first::end);
          first.giveUp();
          Turn second = gate.enter();
          require(second.await(Deadline.never()));
          second.end();
          leaving.join();
        });
  }
}
