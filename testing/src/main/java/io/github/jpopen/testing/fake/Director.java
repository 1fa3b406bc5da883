package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.SpawnRequest;
import org.jspecify.annotations.Nullable;

/** Decides what each child plays, and keeps what was started. Thread-safe. */
public interface Director {
  /**
   * A child is about to be started.
   *
   * @param request what to start
   * @return the part
   * @throws AssertionError if there is no script for this program
   */
  Part cast(SpawnRequest request);

  /**
   * What one child is.
   *
   * @param script what it plays; null for a real program
   * @param started is called once it was started, and not if it could not be
   * @param take records a real program, or null
   */
  record Part(@Nullable Script script, Started started, @Nullable Take take) {}

  /** What is done with a child that was started. */
  @FunctionalInterface
  interface Started {
    /**
     * It was started.
     *
     * @param pid its process id
     * @param child null if it is a real program
     */
    void as(long pid, @Nullable FakeChild child);
  }
}
