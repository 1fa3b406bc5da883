package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.util.concurrent.ArrayBlockingQueue;

/** Keeps a few {@link Waiter}s for whoever waits next, so that no child needs one of its own. */
final class Waiters {
  private static final int KEPT = 16;

  private final Posix posix;
  private final ArrayBlockingQueue<Waiter> free = new ArrayBlockingQueue<>(KEPT);

  Waiters(Posix posix) {
    this.posix = posix;
  }

  Waiter take() {
    Waiter waiter = free.poll();
    return waiter == null ? new Waiter(posix) : waiter;
  }

  void give(Waiter waiter) {
    if (!waiter.canBeWoken() || !free.offer(waiter)) {
      waiter.close();
    }
  }
}
