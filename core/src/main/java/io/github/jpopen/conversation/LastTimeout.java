package io.github.jpopen.conversation;

import org.jspecify.annotations.Nullable;

/**
 * Whether the last timed call threw and nobody has asked or done anything since, so that closing
 * kills the child. Thread-safe.
 */
public final class LastTimeout {
  private volatile @Nullable Thread hearer;

  /** Made by the conversation. */
  LastTimeout() {}

  /** The calling thread is about to throw. */
  public void happened() {
    hearer = Thread.currentThread();
  }

  /** Somebody knows of the child and cares. */
  public void answered() {
    hearer = null;
  }

  /**
   * A stream is used: an answer, if by the thread that heard of the timeout. Others may have been
   * reading all the time.
   */
  void streamUsed() {
    if (Thread.currentThread().equals(hearer)) {
      hearer = null;
    }
  }

  /**
   * Whether nobody has answered.
   *
   * @return false also if there was no timeout
   */
  public boolean isUnanswered() {
    return hearer != null;
  }
}
