package io.github.jpopen.windows.win32;

import io.github.jpopen.spi.Uninterrupted;

/** Closes handles even if memory is short for a moment. */
public final class Handles {
  private static final int TRIES = 8;
  private static final long PAUSE_NANOS = 1_000_000;

  private Handles() {}

  /**
   * Closes a handle. An error that CloseHandle reports is ignored: the handle is not open then.
   *
   * <p>An Error comes from the memory that a downcall needs, so CloseHandle was not called and is
   * tried again, for 255 ms in all.
   */
  public static void close(Win32 win32, long handle) {
    for (int i = 0; i < TRIES; i++) {
      try {
        int _ = win32.closeHandle(handle);
        return;
      } catch (RuntimeException | Error e) {
        Uninterrupted.pause(PAUSE_NANOS << i);
      }
    }
  }
}
