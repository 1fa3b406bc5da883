package io.github.jpopen.conversation;

import static io.github.jpopen.spi.StreamKind.STDIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.input.InputSource;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An input whose end shows in the middle of a step, when core was asked already what to close. */
class EndOfInputTest {
  private static final class Source extends InputSource {
    private boolean ended;

    @Override
    public MemorySegment pending() {
      return NOTHING;
    }

    @Override
    public void accepted(long bytes) {}

    @Override
    public boolean isExhausted() {
      return ended;
    }

    @Override
    public void close() {}
  }

  /** Steps as the native modules do, and refuses to wait when nothing would ever end the wait. */
  private static final class Child implements ChildProcess {
    private final Source source;
    private boolean woken;

    Child(Source source) {
      this.source = source;
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public void step(ChildEvents events, Deadline deadline) {
      woken = false;
      if (events.closing(STDIN)) {
        events.closed(STDIN);
        events.exited(new Termination.Exited(0));
        return;
      }
      source.ended = true;
      assertThat(events.wants(STDIN)).isFalse();
      assertThat(woken).as("this step does not wait").isTrue();
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public boolean signal(int number) {
      return false;
    }

    @Override
    public void close() {}
  }

  @Test
  void endInTheMiddleOfAStepClosesStdin() throws Exception {
    Source source = new Source();
    Conversation conversation =
        new Conversation("fake", new Child(source), true, Map.of(), new CloseRule(false), null);
    conversation.seal();
    conversation.begin(null, source);
    assertThat(conversation.untilComplete(Deadline.never(), Limits.NONE))
        .isEqualTo(Outcome.COMPLETE);
  }
}
