package io.github.jpopen.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.input.InputSource;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What gives a child's resources back. */
class LeakCleanerTest {
  private static final class Child implements ChildProcess {
    final AtomicInteger closes = new AtomicInteger();

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public void step(ChildEvents events, Deadline deadline) {}

    @Override
    public void wake() {}

    @Override
    public boolean signal(int number) {
      return false;
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  private static final class Unclosable extends InputSource {
    @Override
    public MemorySegment pending() {
      return NOTHING;
    }

    @Override
    public void accepted(long bytes) {}

    @Override
    public boolean isExhausted() {
      return false;
    }

    @Override
    public void close() {
      throw new IllegalStateException("of the test");
    }
  }

  @Test
  void childIsClosedEvenIfItsInputCannotBeDropped() {
    Child child = new Child();
    ChildState state = new ChildState(child, true, Map.of());
    try (var _ = state.stepper.lock.hold()) {
      state.send(new Unclosable());
    }
    LeakCleaner cleaner = LeakCleaner.watch(new Object(), "fake", child, state);
    assertThatIllegalStateException().isThrownBy(cleaner::release);
    assertThat(child.closes).hasValue(1);
    cleaner.release();
    assertThat(child.closes).hasValue(1);
  }
}
