package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import java.util.concurrent.ArrayBlockingQueue;

/** Pools a few {@link PollContext}s, so that no child needs one of its own. */
public final class PollContexts {
  private static final int KEPT = 16;

  private final Posix posix;
  private final ArrayBlockingQueue<PollContext> free = new ArrayBlockingQueue<>(KEPT);

  /** Makes an empty pool. */
  public PollContexts(Posix posix) {
    this.posix = posix;
  }

  /** A context for one wait; to be given back. */
  public PollContext take() {
    PollContext context = free.poll();
    return context == null ? new PollContext(posix) : context;
  }

  /** Takes a context back, or closes it. */
  public void give(PollContext context) {
    if (!context.canBeWoken() || !free.offer(context)) {
      context.close();
    }
  }
}
