package io.github.jpopen.posix.wait;

import io.github.jpopen.spi.GarbageWatch;
import io.github.jpopen.spi.OwnThreads;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A daemon thread that does some work at intervals while there is any, and ends when there was none
 * for a while. The next work starts it again.
 */
public abstract class IdleThread implements Runnable {
  private enum State {
    ENDED,
    WORKING,
    IDLE
  }

  private final String name;
  private final long pauseNanos;
  private final long idleNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final AtomicBoolean again = new AtomicBoolean();
  private volatile State state = State.ENDED;

  /**
   * Describes the thread.
   *
   * @param pauseMillis how long to wait before each piece of work
   * @param idle after which time without work the thread ends
   */
  protected IdleThread(String name, long pauseMillis, Duration idle) {
    this.name = name;
    this.pauseNanos = TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    this.idleNanos = idle.toNanos();
  }

  /** Whether there is work. Does not block. */
  protected abstract boolean hasWork();

  /** Does what there is to do now. If it throws, it is called again after the pause. */
  protected abstract void work();

  /**
   * There is new work, which this does not wait for. If no thread can be started, the next call
   * tries again, and so does the thread that runs after a collection of garbage.
   */
  public final void wake() {
    if (state == State.WORKING) {
      return; // it looks for more before it idles
    }
    lock.lock();
    try {
      if (state == State.ENDED) {
        start();
      } else {
        woken.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    state = State.WORKING;
    boolean started = false;
    try {
      started = OwnThreads.startIfPossible(name, OwnThreads.SMALL_STACK, this);
    } finally {
      if (!started) {
        state = State.ENDED; // after any Error: the next call must not rely on a thread
      }
    }
    if (!started) {
      wakeAfterNextCollection();
    }
  }

  // The caller may be the last one that knows of the work.
  private void wakeAfterNextCollection() {
    if (again.compareAndSet(false, true)) {
      boolean registered = false;
      try {
        GarbageWatch.afterNextCollection(this::wakeAgain);
        registered = true;
      } catch (OutOfMemoryError e) {
        // No memory, or no thread for that either. The next call of wake tries again.
      } finally {
        if (!registered) { // else the collection resets it, perhaps before this line
          again.set(false);
        }
      }
    }
  }

  private void wakeAgain() {
    again.set(false);
    if (hasWork()) {
      wake();
    }
  }

  /** For the thread only. */
  @Override
  public final void run() {
    do {
      boolean _ = Thread.interrupted(); // it would end the pause
      LockSupport.parkNanos(this, pauseNanos);
      try {
        work();
      } catch (RuntimeException | Error e) {
        // This JVM has no memory now, perhaps.
      }
    } while (hasWork() || idle());
  }

  // Waits for work. False ends the thread.
  private boolean idle() {
    lock.lock();
    try {
      state = State.IDLE; // before the look: what comes later signals
      long end = System.nanoTime() + idleNanos;
      for (long left = idleNanos; !hasWork() && left > 0; left = end - System.nanoTime()) {
        try {
          woken.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          // No code has a reason to interrupt it. Waiting goes on.
        }
      }
      state = hasWork() ? State.WORKING : State.ENDED;
      return state == State.WORKING;
    } finally {
      lock.unlock();
    }
  }
}
