package io.github.jpopen.spi;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held briefly, and in one way: {@code try (var _ = lock.hold())}. Reentrant.
 *
 * <p>A thread never depends on the threads that wait for the lock before it. One of them may be a
 * virtual thread without a carrier. Until it gets one, the queue of a {@link ReentrantLock} stands
 * still although no thread holds the lock. So that this holds for several locks, a thread that may
 * be virtual waits for no second one while it holds the first.
 */
public final class UnqueuedLock implements AutoCloseable {
  /** How long to queue before the lock is tried past the queue again. */
  private static final long QUEUING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();

  /** Makes one that no thread holds. */
  public UnqueuedLock() {}

  /**
   * Waits for the lock, even if the thread is interrupted.
   *
   * @return this, which the caller closes
   */
  public UnqueuedLock hold() {
    if (!lock.tryLock()) {
      queue();
    }
    return this;
  }

  /**
   * As {@link #hold}, unless the thread is interrupted first.
   *
   * @return this, which the caller closes
   * @throws InterruptedException if the thread was interrupted; it does not hold the lock then
   */
  public UnqueuedLock holdInterruptibly() throws InterruptedException {
    boolean held = lock.tryLock();
    while (!held) {
      held = lock.tryLock(QUEUING_NANOS, TimeUnit.NANOSECONDS) || lock.tryLock();
    }
    return this;
  }

  /**
   * As {@link #holdInterruptibly}, unless the deadline passes first.
   *
   * @param deadline when to give up; the lock is tried once in any case
   * @return whether it is held; then the caller closes this
   * @throws InterruptedException if the thread was interrupted; it does not hold the lock then
   */
  public boolean holdUntil(Deadline deadline) throws InterruptedException {
    boolean held = lock.tryLock();
    while (!held && !deadline.hasPassed()) {
      long nanos = Math.min(QUEUING_NANOS, deadline.nanosLeft());
      held = lock.tryLock(nanos, TimeUnit.NANOSECONDS) || lock.tryLock();
    }
    return held;
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

  /**
   * Takes the lock if no thread holds it.
   *
   * @return whether it did; then the caller closes this
   */
  public boolean tryHold() {
    return lock.tryLock();
  }

  /**
   * Whether another thread holds it.
   *
   * @return at this moment
   */
  public boolean isHeldByOther() {
    return lock.isLocked() && !lock.isHeldByCurrentThread();
  }

  /** Unlocks. */
  @Override
  public void close() {
    lock.unlock();
  }
}
