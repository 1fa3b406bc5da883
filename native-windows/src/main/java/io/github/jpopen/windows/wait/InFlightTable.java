package io.github.jpopen.windows.wait;

import org.jspecify.annotations.Nullable;

/**
 * The operations in flight, by key; keeps their memory alive. Allocates nothing after it was made,
 * so that a packet finds its operation even if memory is short. Used by one thread.
 */
final class InFlightTable {
  private static final int BUCKETS = 256;

  /** The first operation of each bucket; the others follow. Keys are counted up, so spread well. */
  private final @Nullable Operation[] buckets = new @Nullable Operation[BUCKETS];

  private static int bucket(long key) {
    return (int) key & (BUCKETS - 1);
  }

  void put(Operation operation) {
    int bucket = bucket(operation.key());
    operation.nextInBucket = buckets[bucket];
    buckets[bucket] = operation;
  }

  /** Removes an operation and returns it; null if there is none of this key. */
  @Nullable Operation remove(long key) {
    int bucket = bucket(key);
    Operation previous = null;
    Operation found = buckets[bucket];
    while (found != null && found.key() != key) {
      previous = found;
      found = found.nextInBucket;
    }
    if (found != null) {
      if (previous == null) {
        buckets[bucket] = found.nextInBucket;
      } else {
        previous.nextInBucket = found.nextInBucket;
      }
      found.nextInBucket = null;
    }
    return found;
  }
}
