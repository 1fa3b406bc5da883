package io.github.jpopen.windows;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where the stepping thread of one child waits for the threads that wait for Windows. */
final class Progress {
  /** Guards what the threads share; held for moments only. */
  final ReentrantLock lock = new ReentrantLock();

  /** Something ended, or was issued, or somebody wants the step to end. */
  final Condition changed = lock.newCondition();
}
