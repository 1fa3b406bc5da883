package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thread needs to wait: a set of descriptors, and a {@link WakeUp} that ends the wait.
 *
 * <p>Pooled in {@link Waiters}; used by one thread at a time, but for {@link #wakeUp}, which any
 * thread may call at any time.
 */
final class Waiter implements Runnable {
  private static final int CAPACITY = 8;
  private static final long NEVER = -1;

  /** How long to wait at a time where nothing can end the wait. */
  private static final long SLICE_NANOS = 50_000_000;

  private static final long LONGEST_NANOS = 24L * 60 * 60 * 1_000_000_000;

  private final Posix posix;
  private final PollSet set = new PollSet(CAPACITY);
  private final MemorySegment info;
  private final InterruptWaker interrupts = new InterruptWaker(this);
  private final ReentrantLock guard = new ReentrantLock();
  private final WakeUp wakeUp;

  Waiter(Posix posix) {
    this.posix = posix;
    info = Arena.ofAuto().allocate(posix.numbers().sizeOfSigInfo(), Long.BYTES);
    wakeUp = new WakeUp(posix);
  }

  /** Starts a new set. */
  void clear() {
    set.clear();
  }

  /** Adds a descriptor to the set and gives its index. */
  int add(int descriptor, int events) {
    return set.add(descriptor, events);
  }

  /**
   * What happened to the descriptor of that index: any bit means that an operation is worth trying.
   */
  int happened(int index) {
    return set.happened(index);
  }

  /** How many descriptors are in the set. */
  int count() {
    return set.count();
  }

  /** Room for a {@code siginfo_t}. */
  MemorySegment info() {
    return info;
  }

  /** Whether {@link #wakeUp} works: what it takes may be missing for want of a descriptor. */
  boolean canBeWoken() {
    return !wakeUp.isMissing();
  }

  /**
   * Waits until something happens, or is said to have: ends early, too, for no reason at all.
   *
   * @param nanos how long at most; negative is for ever
   * @throws IOException if waiting is not possible
   */
  void await(long nanos) throws IOException, InterruptedException {
    if (nanos == 0) {
      look(0);
      return;
    }
    if (wakeUp.isMissing()) {
      long slice = nanos < 0 ? SLICE_NANOS : Math.min(SLICE_NANOS, nanos);
      poll(slice, slice);
      return;
    }
    int index = set.add(wakeUp.descriptor(), posix.numbers().POLLIN());
    interrupts.waiting();
    try {
      long limit = nanos < 0 ? NEVER : Math.min(LONGEST_NANOS, nanos);
      poll(limit, limit);
    } finally {
      interrupts.waited();
    }
    if (set.happened(index) != 0) {
      wakeUp.clear();
    }
  }

  /**
   * Sees what has happened already.
   *
   * @param patience how long to try, should {@code poll} itself fail; negative is for ever
   * @throws IOException if that is not possible
   */
  void look(long patience) throws IOException, InterruptedException {
    poll(0, patience);
  }

  private void poll(long nanos, long patience) throws IOException, InterruptedException {
    int result = posix.poll(set, nanos);
    if (result < 0) {
      PollTrouble trouble = new PollTrouble(posix.numbers(), patience);
      while (result < 0 && trouble.mayPass(-result)) {
        result = posix.poll(set, nanos);
      }
    }
  }

  /** Ends the wait, or the next one. Never blocks. */
  void wakeUp() {
    guard.lock();
    try {
      if (!wakeUp.isMissing()) {
        wakeUp.signal();
      }
    } finally {
      guard.unlock();
    }
  }

  @Override
  public void run() {
    wakeUp();
  }

  /** Closes what it takes, so that late wake-ups cannot reach who gets its number next. */
  void close() {
    guard.lock();
    try {
      wakeUp.close();
    } finally {
      guard.unlock();
    }
  }
}
