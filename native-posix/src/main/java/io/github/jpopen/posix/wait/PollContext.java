package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thread needs to wait in {@code poll}: a set of descriptors, and a {@link WakeDescriptor}
 * that ends the wait.
 *
 * <p>Pooled in {@link PollContexts}. One thread at a time uses it, except for {@link #wakeUp},
 * which any thread may call at any time.
 */
public final class PollContext implements Runnable {
  private static final int CAPACITY = 8;

  /** What {@link Posix#poll} takes for no limit. */
  private static final long FOREVER = -1;

  /** How long to wait at a time where nothing can end the wait. */
  private static final long SLICE_NANOS = 50_000_000;

  private static final long LONGEST_NANOS = 24L * 60 * 60 * 1_000_000_000;

  private final Posix posix;
  private final PollSet set = new PollSet(CAPACITY);
  private final InterruptHook interrupts = new InterruptHook(this);
  private final ReentrantLock guard = new ReentrantLock();
  private final WakeDescriptor wake;

  // A poll(2) that fails does not report the wake-up descriptor.
  private volatile boolean woken;

  PollContext(Posix posix) {
    this.posix = posix;
    wake = new WakeDescriptor(posix);
  }

  /** Starts a new set. */
  public void clear() {
    woken = false;
    set.clear();
  }

  /** Adds a descriptor to the set and returns its index. */
  public int add(int descriptor, int events) {
    return set.add(descriptor, events);
  }

  /**
   * What happened to the descriptor of that index: any bit means that an operation is worth trying.
   */
  public int happened(int index) {
    return set.happened(index);
  }

  /** How many descriptors are in the set. */
  public int count() {
    return set.count();
  }

  /** Whether {@link #wakeUp} works: its descriptor may be missing when the process has too many. */
  boolean canBeWoken() {
    return !wake.isMissing();
  }

  /**
   * Waits until something happens. May end early for no reason.
   *
   * @param deadline when the wait ends at the latest
   * @throws IOException if waiting is not possible
   */
  public void await(Deadline deadline) throws IOException, InterruptedException {
    if (wake.isMissing()) {
      Deadline slice = deadline.atMost(SLICE_NANOS);
      poll(slice, slice);
      return;
    }
    if (deadline.hasPassed()) {
      poll(deadline, deadline);
      return;
    }
    int index = set.add(wake.descriptor(), posix.constants().POLLIN());
    interrupts.waiting();
    try {
      poll(deadline, deadline);
    } finally {
      interrupts.waited();
    }
    int bits = set.happened(index);
    if ((bits & (posix.constants().POLLNVAL() | posix.constants().POLLHUP())) != 0) {
      loseDescriptor((bits & posix.constants().POLLNVAL()) != 0);
    } else if (bits != 0) {
      wake.clear();
    }
  }

  // poll(2) would report it at once, each time.
  private void loseDescriptor(boolean reading) {
    guard.lock();
    try {
      wake.lose(reading);
    } finally {
      guard.unlock();
    }
  }

  /**
   * Sees what has happened already, without waiting for more.
   *
   * @param deadline how long to try again if {@code poll} itself fails
   * @throws IOException if that is not possible
   */
  public void pollNow(Deadline deadline) throws IOException, InterruptedException {
    poll(Deadline.now(), deadline);
  }

  // What is left is computed before each try: the pauses between tries count against the deadline.
  private void poll(Deadline deadline, Deadline patience) throws IOException, InterruptedException {
    int result = posix.poll(set, nanosLeft(deadline));
    if (result < 0) {
      PollRetry retry = new PollRetry(posix.constants(), patience);
      while (result < 0 && !woken && retry.mayPass(-result)) {
        result = posix.poll(set, nanosLeft(deadline));
      }
    }
  }

  private static long nanosLeft(Deadline deadline) {
    return deadline.isNever() ? FOREVER : Math.min(LONGEST_NANOS, deadline.nanosLeft());
  }

  /** Ends the wait, or the next one. Never blocks. */
  public void wakeUp() {
    woken = true;
    guard.lock();
    try {
      if (!wake.isMissing()) {
        wake.signal();
      }
    } finally {
      guard.unlock();
    }
  }

  @Override
  public void run() {
    wakeUp();
  }

  /** Closes its descriptor, so that a late wake-up cannot reach the next file of that number. */
  void close() {
    guard.lock();
    try {
      wake.close();
    } finally {
      guard.unlock();
    }
  }
}
