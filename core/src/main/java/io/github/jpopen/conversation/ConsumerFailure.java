package io.github.jpopen.conversation;

import io.github.jpopen.spi.StreamKind;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers of one child have thrown, kept until a call throws it. That is the call of the
 * thread that called the consumer, or any call if that one could not throw it.
 *
 * <p>Its methods are called with the lock of the conversation held.
 */
final class ConsumerFailure {
  /**
   * The first failure. Later ones are suppressed in it.
   *
   * @param stream of the consumer
   * @param thrown by the consumer
   * @param caller whose call it ends; null for any
   */
  record Thrown(StreamKind stream, Throwable thrown, @Nullable Thread caller) {
    boolean isInterrupt() {
      return thrown instanceof InterruptedException;
    }

    private boolean ends(Thread thread) {
      return caller == null || caller.equals(thread);
    }

    /** Ends the call of this thread. */
    void rethrow() throws InterruptedException {
      switch (thrown) {
        case Error error -> throw error;
        case InterruptedException interrupted -> throw interrupted;
        case Exception e -> throw OutputFailedException.consumer(stream, e);
        default -> throw new AssertionError(thrown);
      }
    }
  }

  private @Nullable Thrown first;

  /** A consumer has thrown on this thread. */
  void add(StreamKind stream, Throwable thrown) {
    Thrown known = first;
    if (known == null) {
      first = new Thrown(stream, thrown, Thread.currentThread());
    } else if (!known.thrown.equals(thrown)) {
      known.thrown.addSuppressed(thrown);
      if (thrown instanceof InterruptedException) {
        Thread.currentThread().interrupt(); // no call will throw it
      }
    }
  }

  boolean isKept() {
    return first != null;
  }

  /** The call of this thread does not throw what a consumer has thrown: another one may. */
  void letAnyCallFail() {
    Thrown kept = first;
    if (kept != null && !kept.isInterrupt()) { // which is this thread's alone
      first = new Thrown(kept.stream, kept.thrown, null);
    }
  }

  /** Takes what ends the call of this thread; null if nothing does. */
  @Nullable Thrown take() {
    Thrown kept = first;
    if (kept == null || !kept.ends(Thread.currentThread())) {
      return null;
    }
    first = null;
    return kept;
  }

  /** As {@link #take}, if it is an interrupt: that belongs to the thread that called. */
  @Nullable Thrown takeInterrupt() {
    Thrown kept = first;
    return kept == null || !kept.isInterrupt() ? null : take();
  }

  /** No call will throw it. */
  void drop() {
    first = null;
  }
}
