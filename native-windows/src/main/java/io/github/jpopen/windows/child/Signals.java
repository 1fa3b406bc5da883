package io.github.jpopen.windows.child;

import java.util.Map;

/**
 * The names and numbers of signals: those of the Windows C runtime, and three of our own.
 *
 * <p>The C runtime has no SIGKILL. The console events are 0 and 1 in Windows, but 0 only probes
 * here, so they have other numbers.
 */
public final class Signals {
  /** Ends the process, as on POSIX. */
  public static final int SIGKILL = 9;

  /** Ends the process. */
  public static final int SIGTERM = 15;

  /** Ctrl+C for a process group. */
  public static final int CTRL_C_EVENT = 63;

  /** Ctrl+Break for a process group. */
  public static final int CTRL_BREAK_EVENT = 64;

  /** All of them, by name. */
  public static final Map<String, Integer> NUMBERS =
      Map.of(
          "SIGINT", 2,
          "SIGILL", 4,
          "SIGFPE", 8,
          "SIGKILL", SIGKILL,
          "SIGSEGV", 11,
          "SIGTERM", SIGTERM,
          "SIGBREAK", 21,
          "SIGABRT", 22,
          "CTRL_C_EVENT", CTRL_C_EVENT,
          "CTRL_BREAK_EVENT", CTRL_BREAK_EVENT);

  private Signals() {}
}
