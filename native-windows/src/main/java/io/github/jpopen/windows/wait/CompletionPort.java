package io.github.jpopen.windows.wait;

import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A completion port and the packets last taken from it, by one thread. Any thread may post. */
final class CompletionPort {
  /** The key of an entry that holds no packet. */
  static final long NO_PACKET = -1;

  private static final int CAPACITY = 64;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Win32 win32;
  private final long handle;
  private final MemorySegment entries;

  private CompletionPort(Win32 win32, long handle) {
    this.win32 = win32;
    this.handle = handle;
    entries = win32.packets(Arena.ofAuto(), CAPACITY);
  }

  /** Makes a port, which the caller closes. */
  static CompletionPort create(Win32 win32) throws Win32Exception {
    long handle = win32.createPort();
    if (handle < 0) {
      throw new Win32Exception("CreateIoCompletionPort", (int) -handle);
    }
    try {
      return new CompletionPort(win32, handle);
    } catch (OutOfMemoryError e) {
      Handles.close(win32, handle);
      throw new Win32Exception("CreateIoCompletionPort", Win32Errors.NOT_ENOUGH_MEMORY);
    }
  }

  /** Binds a handle to the port, until it is closed. */
  void bind(long bound, long key) throws Win32Exception {
    int error = win32.bind(bound, handle, key);
    if (error != 0) {
      throw new Win32Exception("CreateIoCompletionPort", error);
    }
    error = win32.skipPacketOnSuccess(bound);
    if (error != 0) {
      throw new Win32Exception("SetFileCompletionNotificationModes", error);
    }
  }

  /** Posts a packet; returns 0 or the error. */
  int post(long key) {
    try {
      return win32.post(handle, key);
    } catch (RuntimeException | Error e) { // a downcall needs memory
      return Win32Errors.NOT_ENOUGH_MEMORY;
    }
  }

  /**
   * Waits for packets and returns how many entries to look at. An Error may come when packets were
   * taken already; these have keys then.
   */
  int take(int millis) {
    entries.fill((byte) NO_PACKET);
    try {
      int count = win32.getPackets(handle, entries, CAPACITY, millis);
      if (count < 0) { // must not happen to our own port
        Uninterrupted.pause(PAUSE_NANOS);
      }
      return Math.max(0, count);
    } catch (RuntimeException | Error e) {
      Uninterrupted.pause(PAUSE_NANOS);
      return CAPACITY;
    }
  }

  /** The key of an entry, or {@link #NO_PACKET}. */
  long keyOf(int index) {
    while (true) {
      try {
        return win32.keyOfPacket(entries, index);
      } catch (RuntimeException | Error e) {
        Uninterrupted.pause(PAUSE_NANOS);
      }
    }
  }

  void close() {
    Handles.close(win32, handle);
  }
}
