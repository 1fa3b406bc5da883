package io.github.jpopen.conversation;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.input.InputSource;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Input that fails on its own thread fails the conversation, at any moment. The failure may come
 * between any two of the conversation's questions; none of them may take it for the end.
 */
class FailingInputTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void failureIsNeverTakenForTheEnd(int questions) {
    Conversation conversation =
        new Conversation("fake", new Ended(), true, Map.of(), new CloseRule(false), null);
    conversation.seal();
    conversation.begin(null, new FailsAfter(questions));
    try {
      assertThatExceptionOfType(InputSource.FailedException.class)
          .isThrownBy(() -> conversation.untilComplete(Deadline.never(), Limits.NONE));
    } finally {
      conversation.abandon(); // otherwise a warning would be logged during a later test
    }
  }

  private static final class FailsAfter extends InputSource {
    private int questions;

    FailsAfter(int questions) {
      this.questions = questions;
    }

    @Override
    public MemorySegment pending() {
      return MemorySegment.ofArray(new byte[0]);
    }

    @Override
    public void accepted(long bytes) {
      throw new AssertionError("there was nothing to send");
    }

    @Override
    public boolean isExhausted() {
      return false;
    }

    @Override
    public @Nullable Throwable failure() {
      return questions-- > 0 ? null : new IOException("no more");
    }
  }

  /** Has ended when it is looked at. */
  private static final class Ended implements ChildProcess {
    @Override
    public long pid() {
      return 1;
    }

    @Override
    public void step(ChildEvents events, Deadline deadline) {
      events.exited(new Termination.Exited(0));
    }

    @Override
    public void wake() {}

    @Override
    public boolean signal(int number) {
      return false;
    }

    @Override
    public void close() {}
  }
}
