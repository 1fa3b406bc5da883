package io.github.jpopen.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.StreamBytes;
import io.github.jpopen.output.ChunkedOutput;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reader offers to be taken without the lock is offered with it. */
class OfferedBytesTest {
  private static final class Child implements ChildProcess {
    @Override
    public void step(ChildEvents events, Deadline deadline) {}

    @Override
    public void wake() {}

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public boolean signal(int number) {
      return true;
    }

    @Override
    public void close() {}
  }

  /** A step may be adding bytes meanwhile, and another thread may be consuming some. */
  @Test
  void nothingIsOfferedWhileAnotherThreadHasTheLock() throws Exception {
    ChunkedOutput output = new ChunkedOutput();
    byte[] text = "text\n".getBytes(UTF_8);
    output.room().asSlice(0, text.length).copyFrom(MemorySegment.ofArray(text));
    output.received(text.length);
    Conversation conversation =
        new Conversation(
            "fake",
            new Child(),
            false,
            Map.of(StreamKind.STDOUT, output),
            new CloseRule(false),
            null);
    ChildReadStream stream = new ChildReadStream(conversation, StreamKind.STDOUT);
    Thread offering = Thread.ofPlatform().unstarted(() -> stream.offerText(UTF_8));
    try (var _ = new StreamBytes(conversation).lock().hold()) {
      offering.start();
      while (offering.getState() != Thread.State.TIMED_WAITING && offering.isAlive()) {
        Thread.onSpinWait();
      }
      assertThat(offering.isAlive()).as("it waits for the lock").isTrue();
      assertThat(stream.hasCharacter()).isFalse();
    }
    offering.join();
    assertThat(stream.hasCharacter()).isTrue();
    assertThat(stream.takeLine()).isEqualTo("text");
    conversation.abandon(); // otherwise a warning would be logged during a later test
  }
}
