package io.github.jpopen.spi;

/** What a child is doing at one moment, as far as the system shows it. */
public enum Condition {
  /** The system does not show it. */
  UNKNOWN,
  /** It lives, and the system does not show more. */
  ALIVE,
  /** It computes, or waits for a processor. */
  RUNNING,
  /** It waits for an event, for example for input. */
  WAITING,
  /** It waits in the kernel, and no signal ends that. */
  UNINTERRUPTIBLE,
  /** A signal has stopped it. */
  STOPPED,
  /** A debugger has stopped it. */
  TRACED,
  /** It has ended. */
  ENDED
}
