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

  // No switch: its bootstrap method would cost a fresh JVM's first exit several milliseconds.
  private static ExitStatus status(Termination how) {
    if (how instanceof Termination.Exited exited) {
      return new ExitStatus.Exited(exited.code());
    }
    return how instanceof Termination.Killed killed
        ? new ExitStatus.Signaled(Signal.of(killed.signal()), killed.coreDumped())
        : new ExitStatus.Unknown();
  }
}
