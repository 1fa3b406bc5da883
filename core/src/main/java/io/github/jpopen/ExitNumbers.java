package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.Termination;
import org.jspecify.annotations.Nullable;

/** Makes an {@link ExitStatus} of the numbers that the system gives for the exit of a child. */
final class ExitNumbers {
  private ExitNumbers() {}

  /** How the child ended; null if its exit was not seen yet. */
  static @Nullable ExitStatus status(Conversation conversation) {
    Termination how = conversation.status();
    return how == null ? null : status(how);
  }

  // No switch: its bootstrap method would cost a fresh JVM's first exit several milliseconds. Nor a
  // conditional expression, for which the verifier loads the classes of both results.
  private static ExitStatus status(Termination how) {
    if (how instanceof Termination.Exited exited) {
      return new ExitStatus.Exited(exited.code());
    }
    if (how instanceof Termination.Killed killed) {
      return new ExitStatus.Signaled(Signal.of(killed.signal()), killed.coreDumped());
    }
    return new ExitStatus.Unknown();
  }
}
