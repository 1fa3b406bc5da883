package io.github.jpopen.conversation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held in one way in this package: {@code try (var _ = lock.hold())}.
 *
 * <p>A thread never depends on the threads that wait for the lock before it. One of them may be a
 * virtual thread without a carrier. Until it gets one, the queue of a {@link ReentrantLock} stands
 * still although no thread holds the lock.
 */
final class StateLock implements AutoCloseable {
  /** How long to queue before the lock is tried past the queue again. */
  private static final long QUEUING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();

  /** Waits for the lock; the caller closes it. */
  StateLock hold() {
    if (!lock.tryLock()) {
      queue();
    }
    return this;
  }

  /** As {@link #hold}, unless the thread is interrupted first. */
  StateLock holdInterruptibly() throws InterruptedException {
    boolean held = lock.tryLock();
    while (!held) {
      held = lock.tryLock(QUEUING_NANOS, TimeUnit.NANOSECONDS) || lock.tryLock();
    }
    return this;
  }

  private void queue() {
    boolean interrupted = false;
    boolean held = false;
    while (!held) {
      try {
        held = lock.tryLock() || lock.tryLock(QUEUING_NANOS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes the lock if no thread holds it. */
  boolean tryHold() {
    return lock.tryLock();
  }

  /** Unlocks. */
  @Override
  public void close() {
    lock.unlock();
  }
}
