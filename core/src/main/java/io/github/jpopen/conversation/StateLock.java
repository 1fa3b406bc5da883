package io.github.jpopen.conversation;

import java.util.concurrent.locks.ReentrantLock;

/** A lock that is held in one way in this package: {@code try (var _ = lock.hold())}. */
final class StateLock extends ReentrantLock implements AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** Waits for the lock; the caller closes it. */
  StateLock hold() {
    lock();
    return this;
  }

  /** Unlocks. */
  @Override
  public void close() {
    unlock();
  }
}
