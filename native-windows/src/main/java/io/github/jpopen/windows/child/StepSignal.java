package io.github.jpopen.windows.child;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the stepping thread of one child when something happened. */
public final class StepSignal {
  /** Guards the state that the stepping thread shares with other threads; held briefly. */
  final ReentrantLock lock = new ReentrantLock();

  /** An operation was issued or has ended, the child has ended, or the step was woken. */
  final Condition changed = lock.newCondition();

  /** Makes a signal for one child. */
  public StepSignal() {}
}
