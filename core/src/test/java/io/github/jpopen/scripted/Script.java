package io.github.jpopen.scripted;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is still to happen, in order; also the place where a step waits for it. A test may add to it
 * at any time.
 *
 * <p>What belongs to a stream that is not wanted is passed over and stays.
 */
final class Script {
  private static final long LIMIT_SECONDS = 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Deque<Act> acts = new ArrayDeque<>();
  private @Nullable Set<StreamKind> waitingFor;
  private @Nullable Thread waiting;
  private boolean woken;
  private int wakes;

  void add(Act act) {
    locked(() -> acts.add(act));
  }

  /** Replaces all that is left. */
  void replace(Act... instead) {
    locked(
        () -> {
          acts.clear();
          acts.addAll(List.of(instead));
        });
  }

  void wake() {
    locked(
        () -> {
          woken = true;
          wakes++;
        });
  }

  int wakes() {
    lock.lock();
    try {
      return wakes;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all waiters, because something has changed. */
  void changed() {
    locked(() -> {});
  }

  private void locked(Runnable what) {
    lock.lock();
    try {
      what.run();
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait of a virtual thread in {@link #next}; false if none waits. */
  boolean takeOver(Runnable inItsPlace) {
    lock.lock();
    try {
      if (waiting == null || !waiting.isVirtual()) {
        return false;
      }
      waiting = null;
      waitingFor = null;
      inItsPlace.run();
      change.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next act; null if the deadline or a wake-up came first. Another thread may take over
   * meanwhile.
   */
  @Nullable Act next(Set<StreamKind> wanted, Deadline deadline)
      throws InterruptedException, TakenOverException {
    lock.lock();
    boolean waited = false;
    try {
      while (true) {
        if (waited && !Thread.currentThread().equals(waiting)) {
          throw new TakenOverException();
        }
        Act act = possible(wanted);
        if (act != null) {
          acts.remove(act);
          return act;
        }
        if (woken || deadline.hasPassed()) {
          woken = false;
          return null;
        }
        waitingFor = wanted;
        waiting = Thread.currentThread();
        waited = true;
        change.signalAll();
        if (deadline.isNever()) {
          change.await();
        } else {
          change.awaitNanos(deadline.nanosLeft());
        }
      }
    } catch (InterruptedException e) {
      if (!Thread.currentThread().equals(waiting)) { // the interrupt stays for core to find
        Thread.currentThread().interrupt();
        throw new TakenOverException();
      }
      throw e;
    } finally {
      if (Thread.currentThread().equals(waiting)) {
        waitingFor = null;
        waiting = null;
      }
      lock.unlock();
    }
  }

  private @Nullable Act possible(Set<StreamKind> wanted) {
    for (Iterator<Act> i = acts.iterator(); i.hasNext(); ) {
      Act act = i.next();
      if (act.isPossible(wanted)) {
        return act;
      }
    }
    return null;
  }

  /** Waits until a step waits, and wants exactly these streams. */
  void awaitWaitingFor(Set<StreamKind> streams) {
    await("a step waits and wants " + streams, () -> streams.equals(waitingFor));
  }

  /** Waits until a step waits, whatever it wants. */
  void awaitWaiting() {
    await("a step waits", () -> waitingFor != null);
  }

  /** Waits for something that {@link #changed} is called after. */
  void await(String what, BooleanSupplier condition) {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
        }
        left = change.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted before " + what, e);
    } finally {
      lock.unlock();
    }
  }

  /** Another thread steps in place of this one. */
  static final class TakenOverException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
