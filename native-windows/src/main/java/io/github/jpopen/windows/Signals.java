package io.github.jpopen.windows;

import java.util.Map;

/**
 * The numbers of signals, those of the Windows C runtime where it has them.
 *
 * <p>SIGKILL is not among them, and the console events are 0 and 1 there; 0 only probes here, so
 * these three have numbers of our own.
 */
final class Signals {
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int CTRL_C_EVENT = 63;
  static final int CTRL_BREAK_EVENT = 64;

  static final Map<String, Integer> NUMBERS =
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
