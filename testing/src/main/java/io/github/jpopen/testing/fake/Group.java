package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The fake children that share pipes, and the lock that guards them. They play on the threads that
 * look at them; none has a thread of its own.
 *
 * <p>The lock is never held while core is called.
 */
final class Group {
  /** What plays in the group, always under its lock. */
  interface Member {
    /** Does what can be done now; returns whether there was anything. */
    boolean play(long now);

    /** Until it does something by itself; {@link Long#MAX_VALUE} if it waits for others. */
    long nanosToNextAct();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final List<Member> members = new ArrayList<>();

  /** It plays nothing before a thread looks at it: core may have input for it first. */
  void join(Member member) {
    quietly(() -> members.add(member));
  }

  /** Does something, lets all play on, and wakes all waiters. */
  <R> R locked(Supplier<R> what) {
    lock.lock();
    try {
      R result = what.get();
      play();
      change.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** The same without a result. */
  void run(Runnable what) {
    Object _ =
        locked(
            () -> {
              what.run();
              return this;
            });
  }

  /** Does something without letting any child play; wakes all waiters. */
  void quietly(Runnable what) {
    lock.lock();
    try {
      what.run();
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks something, without an effect. */
  <R> R ask(Supplier<R> what) {
    lock.lock();
    try {
      return what.get();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something holds; returns early if the deadline passes. */
  void await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (play()) {
          change.signalAll();
        }
        long nanos = Math.min(deadline.nanosLeft(), nanosToNextAct());
        if (condition.getAsBoolean() || deadline.hasPassed()) {
          return;
        }
        if (nanos == Long.MAX_VALUE) {
          change.await();
        } else {
          long _ = change.awaitNanos(Math.max(nanos, TimeUnit.MICROSECONDS.toNanos(1)));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets each do what it can do now; returns whether there was anything. */
  private boolean play() {
    long now = System.nanoTime();
    boolean any = false;
    for (boolean moved = true; moved; ) {
      moved = false;
      for (int i = 0; i < members.size(); i++) {
        moved |= members.get(i).play(now);
      }
      any |= moved;
    }
    return any;
  }

  private long nanosToNextAct() {
    long nanos = Long.MAX_VALUE;
    for (Member member : members) {
      nanos = Math.min(nanos, member.nanosToNextAct());
    }
    return nanos;
  }
}
