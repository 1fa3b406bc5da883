package io.github.jpopen.conformance;

import java.time.Duration;

/**
 * A program that a library has started.
 *
 * @since 0.1
 */
public interface RunningCall {
  /**
   * Sends the input, reads both outputs, and waits until the program and its outputs have ended.
   *
   * <p>The rules call this again after {@link Outcome.TimedOut}, after an interrupt, and after
   * {@link Outcome.Ended}.
   *
   * @param limit after this time the library must give up, and leave the program alive
   * @return how it ended; all bytes since the start are in it
   * @throws Exception what the library throws
   */
  Outcome await(Duration limit) throws Exception;

  /**
   * Kills the program if it still runs, and releases what belongs to it.
   *
   * @throws Exception what the library throws
   */
  void end() throws Exception;
}
