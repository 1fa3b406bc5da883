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
}
