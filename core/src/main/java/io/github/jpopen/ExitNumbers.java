package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.Termination;
import org.jspecify.annotations.Nullable;

/** Makes an {@link ExitStatus} of the numbers that the system gives for the exit of a child. */
final class ExitNumbers {
  private ExitNumbers() {}

  /** How the child ended; null if its exit was not seen yet. */
  static @Nullable ExitStatus status(Conversation conversation) {
    return status(conversation.status());
  }

  /** The same of what was seen; null of null. */
  // No switch: its bootstrap method would cost a fresh JVM's first exit several milliseconds. Nor a
  // conditional expression, for which the verifier loads the classes of both results.
  static @Nullable ExitStatus status(@Nullable Termination how) {
    if (how == null) {
      return null;
    }
    if (how instanceof Termination.Exited exited) {
      return new ExitStatus.Exited(exited.code());
    }
    if (how instanceof Termination.Killed killed) {
      return new ExitStatus.Signaled(Signal.of(killed.signal()), killed.coreDumped());
    }
    return new ExitStatus.Unknown();
  }
}
