package io.github.jpopen.contract;

import java.lang.System.Logger;
import java.lang.System.LoggerFinder;

/** A log that cannot be made, as with a broken configuration. */
public final class NoLogs extends LoggerFinder {
  /** For the service loader. */
  public NoLogs() {}

  @Override
  public Logger getLogger(String name, Module module) {
    throw new IllegalStateException("no log for " + name);
  }
}
