package io.github.jpopen.conversation;

import io.github.jpopen.spi.UnqueuedLock;

/**
 * The lock of a conversation's state, held in one way: {@code try (var _ = lock.hold())}. No thread
 * depends on a virtual thread that queues for it: see {@link UnqueuedLock}.
 */
final class StateLock implements AutoCloseable {
  private final UnqueuedLock lock = new UnqueuedLock();

  /** Waits for the lock; the caller closes it. */
  StateLock hold() {
    var _ = lock.hold();
    return this;
  }

  /** As {@link #hold}, unless the thread is interrupted first. */
  StateLock holdInterruptibly() throws InterruptedException {
    var _ = lock.holdInterruptibly();
    return this;
  }

  /** Takes the lock if no thread holds it. */
  boolean tryHold() {
    return lock.tryHold();
  }

  /** Unlocks. */
  @Override
  public void close() {
    lock.close();
  }
}
