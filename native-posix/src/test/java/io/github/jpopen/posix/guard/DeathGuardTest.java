package io.github.jpopen.posix.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard while this JVM lives. What it does afterwards: {@code KilledJvmContract}. */
class DeathGuardTest extends PosixTest {
  private static final PosixConstants CONSTANTS = HOST.constants();

  /** The first character of each line to the guard; other writes wake threads. */
  private static final String SIGNS = "+-";

  /** What the next line to the guard gets in place of being written. */
  private final AtomicReference<@Nullable Supplier<Long>> nextLine = new AtomicReference<>();

  private final AtomicInteger lines = new AtomicInteger();

  private final Posix lineFaults =
      new ForwardingPosix(HOST) {
        @Override
        public long write(int descriptor, MemorySegment from, long bytes) {
          if (SIGNS.indexOf(from.get(ValueLayout.JAVA_BYTE, 0)) < 0) {
            return super.write(descriptor, from, bytes);
          }
          lines.incrementAndGet();
          Supplier<Long> fault = nextLine.getAndSet(null);
          return fault == null ? super.write(descriptor, from, bytes) : fault.get();
        }
      };

  private final PosixPlatform guarding =
      new PosixPlatform(lineFaults, Settings.ofSystemProperties());
  private int others;

  @BeforeEach
  void countOthers() {
    others = Resources.children().size();
  }

  private StepDriver guarded() throws IOException {
    return start(guarding, SpawnRequests.of("sleep", "60").noStreams().endsWithUs());
  }

  private void failNextLine(int error) {
    nextLine.set(() -> (long) -error);
  }

  private void end(StepDriver driver) throws IOException, InterruptedException {
    assertThat(driver.child().signal(CONSTANTS.SIGKILL())).isTrue();
    driver.text();
  }

  private void awaitProcesses(int count) {
    await(count + " processes", () -> Resources.children().size() == others + count);
  }

  @Test
  void oneGuardIsThereWhileThereAreChildren() throws Exception {
    StepDriver first = guarded();
    StepDriver second = guarded();
    awaitProcesses(3);
    end(first);
    awaitProcesses(2);
    StepDriver third = guarded();
    end(second);
    awaitProcesses(2);
    end(third);
    awaitProcesses(0);
  }

  @Test
  void otherChildrenHaveNoGuard() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60").noStreams());
    awaitProcesses(1);
    end(driver);
    awaitProcesses(0);
  }

  @Test
  void closedChildNeedsNoGuard() throws Exception {
    StepDriver driver = guarded();
    driver.close();
    awaitProcesses(1);
    assertThat(driver.child().signal(CONSTANTS.SIGKILL())).isTrue();
    awaitProcesses(0);
  }

  @Test
  void guardThatCannotBeWrittenToRefusesNoChild() throws Exception {
    failNextLine(CONSTANTS.EPIPE());
    StepDriver driver = guarded();
    awaitProcesses(1);
    end(driver);
  }

  @Test
  void fullPipeIsWaitedFor() throws Exception {
    failNextLine(CONSTANTS.EAGAIN());
    StepDriver driver = guarded();
    assertThat(lines).hasValue(2);
    awaitProcesses(2);
    end(driver);
    awaitProcesses(0);
  }

  /** It would kill at the end of its input what it still knows. */
  @Test
  void guardThatDoesNotLearnWhatToForgetIsKilled() throws Exception {
    StepDriver first = guarded();
    StepDriver second = guarded();
    failNextLine(CONSTANTS.EPIPE());
    end(first);
    awaitProcesses(1);
    StepDriver third = guarded(); // with another guard, which gets three lines
    awaitProcesses(3);
    end(second);
    end(third);
    awaitProcesses(0);
  }

  @Test
  void childThatCannotBeWatchedForLackOfMemoryIsEnded() {
    nextLine.set(
        () -> {
          throw new OutOfMemoryError("injected");
        });
    assertThatThrownBy(this::guarded).isInstanceOf(OutOfMemoryError.class);
    awaitProcesses(0);
  }
}
