package io.github.jpopen.posix.wait;

import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * The descriptors that the {@link Poller} waits for: each is reported once, then it must be armed
 * again.
 *
 * <p>One thread awaits, any may arm and remove meanwhile.
 */
interface PollerBackend {
  /**
   * Asks for one report.
   *
   * @param known whether the descriptor was armed before and not removed since
   * @param events as for {@code poll}
   * @param token what is reported
   * @return 0 or a negated error
   */
  int arm(int descriptor, boolean known, int events, long token);

  /** Forgets a descriptor that was armed; to be called before it is closed. */
  void remove(int descriptor);

  /** Forgets a descriptor that other code has closed; its number may be another file's by now. */
  void lose(int descriptor, long token);

  /**
   * Waits until something happened, or for the time after which an idle poller ends. Ends early,
   * too, for no reason at all.
   *
   * @param ready is given the tokens
   * @throws IOException if waiting is not possible now
   */
  void await(LongConsumer ready) throws IOException, InterruptedException;

  /** Gives everything back. Not while a thread awaits. */
  void close();
}
