package io.github.jpopen.conversation;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes warnings to the log of this JVM. Its logger is looked up for each: that is slow, and
 * rarely needed.
 *
 * <p>A log that cannot be made, or that throws, breaks no call: what warns is about to kill a child
 * or to give something back.
 */
public final class WarningLog {
  private static final String NAME = "io.github.jpopen";

  private WarningLog() {}

  /**
   * Writes one.
   *
   * @param message with {@code {0}} and so on for the arguments
   * @param arguments texts, of which any may be null
   */
  @SuppressWarnings("CatchingUnchecked") // there is nowhere else to report it
  public static void warn(String message, @Nullable Object... arguments) {
    try {
      System.getLogger(NAME).log(Level.WARNING, message, arguments);
    } catch (Throwable e) { // perhaps there is no memory
    }
  }

  /**
   * Writes one about an exception.
   *
   * @param message without arguments
   * @param thrown shown with its stack trace
   */
  @SuppressWarnings("CatchingUnchecked") // there is nowhere else to report it
  public static void warn(String message, Throwable thrown) {
    try {
      System.getLogger(NAME).log(Level.WARNING, message, thrown);
    } catch (Throwable e) { // perhaps there is no memory
    }
  }
}
