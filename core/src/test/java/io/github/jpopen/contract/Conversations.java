package io.github.jpopen.contract;

import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.time.Duration;

/** Conversations without input in other threads. */
final class Conversations {
  private Conversations() {}

  /** A thread in {@code communicate}: on return it is there, so that a second call is refused. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted
  static <T> Background<Output<T>> enter(Popen<T> p, Background.Kind kind) {
    Background<Output<T>> conversation =
        Background.start(
            kind,
            () -> {
              while (true) {
                try {
                  return p.communicate();
                } catch (IllegalStateException e) {
                  if (!isRefusal(e)) {
                    throw e;
                  }
                  Thread.yield(); // the look of the other thread came first
                }
              }
            });
    Eventually.await("the other thread is in communicate", () -> isRefused(p));
    return conversation;
  }

  private static boolean isRefusal(IllegalStateException e) {
    return String.valueOf(e.getMessage()).contains("another thread is in communicate");
  }

  private static boolean isRefused(Popen<?> p) {
    try {
      p.communicate(Duration.ZERO);
      return false;
    } catch (IllegalStateException e) {
      return isRefusal(e);
    } catch (TimeoutExpiredException _) {
      return false;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
