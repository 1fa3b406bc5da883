package io.github.jpopen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes events to the log. Its logger is looked up once. */
final class EventLog {
  private static final Logger LOGGER = System.getLogger("io.github.jpopen");

  private EventLog() {}

  static void write(ChildEvent event) {
    LOGGER.log(Level.DEBUG, event::toString);
  }

  /** A listener threw. So may the log, which may have thrown first. */
  @SuppressWarnings("CatchingUnchecked") // nothing else can be done
  static void failed(ChildEvent event, Throwable thrown) {
    try {
      LOGGER.log(Level.WARNING, "a listener failed at the event: " + event, thrown);
    } catch (Throwable e) { // perhaps there is no memory
    }
  }
}
