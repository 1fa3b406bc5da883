package io.github.jpopen.windows.wait;

import io.github.jpopen.windows.wait.CommandQueue.Command;
import org.jspecify.annotations.Nullable;

/**
 * The operations in flight, by key; keeps their memory alive. Allocates nothing after it was made,
 * so that a packet finds its operation even if memory is short. Used by one thread.
 */
final class InFlightTable {
  private static final int BUCKETS = 256;

  /** An operation with a key of its own. */
  abstract static class InFlight {
    private final long key;
    private @Nullable InFlight next;

    InFlight(long key) {
      this.key = key;
    }

    /** The completion key of its packets. */
    public final long key() {
      return key;
    }

    /** To be run when its packet has come. */
    abstract Command completion();
  }

  /** The first operation of each bucket; the others follow. Keys are counted up, so spread well. */
  private final @Nullable InFlight[] buckets = new @Nullable InFlight[BUCKETS];

  private static int bucket(long key) {
    return (int) key & (BUCKETS - 1);
  }

  void put(InFlight operation) {
    int bucket = bucket(operation.key);
    operation.next = buckets[bucket];
    buckets[bucket] = operation;
  }

  /** Removes an operation and returns it; null if there is none of this key. */
  @Nullable InFlight remove(long key) {
    int bucket = bucket(key);
    InFlight previous = null;
    InFlight found = buckets[bucket];
    while (found != null && found.key != key) {
      previous = found;
      found = found.next;
    }
    if (found != null) {
      if (previous == null) {
        buckets[bucket] = found.next;
      } else {
        previous.next = found.next;
      }
      found.next = null;
    }
    return found;
  }
}
