package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/**
 * The result of {@code epoll_wait}: an array of {@code struct epoll_event}, of which only the
 * tokens are read. Used by one thread at a time.
 *
 * <p>The struct is an int and a long. The kernel packs it on x86_64 only ({@code EPOLL_PACKED}), so
 * the generated bindings, which are the same for both CPUs, do not contain it.
 */
public final class ReadyTokens {
  /** The largest number of results of one call. */
  static final int CAPACITY = 256;

  private static final int TOKEN = "amd64".equals(System.getProperty("os.arch")) ? 4 : 8;
  private static final int SIZE = TOKEN + Long.BYTES;

  private final int millis;
  private final MemorySegment events = Arena.ofAuto().allocate((long) CAPACITY * SIZE, Long.BYTES);

  /**
   * Makes an empty array.
   *
   * @param longest how long {@code epoll_wait} waits for a result
   */
  public ReadyTokens(Duration longest) {
    millis = (int) Math.min(Integer.MAX_VALUE, longest.toMillis());
  }

  int millis() {
    return millis;
  }

  /**
   * The token of a descriptor that is ready.
   *
   * @param index less than the result of {@code epoll_wait}
   */
  public long token(int index) {
    return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * SIZE + TOKEN);
  }

  long address() {
    return events.address();
  }

  /** One {@code struct epoll_event}. */
  static MemorySegment event(SegmentAllocator memory, int bits, long token) {
    MemorySegment event = memory.allocate(SIZE, Long.BYTES);
    event.set(ValueLayout.JAVA_INT, 0, bits);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, TOKEN, token);
    return event;
  }
}
