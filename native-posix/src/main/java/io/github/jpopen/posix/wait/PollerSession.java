package io.github.jpopen.posix.wait;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One life of the poller's thread, and how many descriptors it knows. It ends only while it knows
 * none, so a registration that has entered can use the backend until it leaves.
 */
final class PollerSession {
  private static final int ENDED = -1;

  private final PollerBackend backend;
  private final AtomicInteger known = new AtomicInteger();

  PollerSession(PollerBackend backend) {
    this.backend = backend;
  }

  PollerBackend backend() {
    return backend;
  }

  /** Counts one more descriptor, unless this has ended. */
  boolean enter() {
    int now = known.get();
    while (now != ENDED && !known.compareAndSet(now, now + 1)) {
      now = known.get();
    }
    return now != ENDED;
  }

  void leave() {
    known.decrementAndGet();
  }

  boolean isUsed() {
    return known.get() > 0;
  }

  /** Ends this, unless it knows a descriptor. */
  boolean end() {
    return known.compareAndSet(0, ENDED);
  }
}
