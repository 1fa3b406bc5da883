package io.github.jpopen.posix.wait;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What ends a wait is missing, or was closed by other code: no wait spins, each can still be ended,
 * and the next descriptor is as good as the first would have been.
 */
class LostDescriptorsTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final Duration SILENCE = Duration.ofMillis(300);

  /** A slice of 50 ms needs six in that time; a spin makes thousands. */
  private static final int MOST_POLLS = 40;

  /** How the first descriptor is lost. */
  enum Loss {
    /** The event counter is not open. */
    COUNTER_CLOSED,
    /** There are no event counters, and the reading end of the pipe is not open. */
    PIPE_CLOSED,
    /** There are no event counters, and the writing end of the pipe is not open. */
    WRITER_CLOSED,
    /** It cannot be opened at first. */
    NONE_FREE
  }

  /** Loses the first descriptor that ends a wait. */
  private static final class Losing extends ForwardingPosix {
    /** A number that no limit of descriptors allows here. */
    private static final int NOT_OPEN = 1 << 30;

    private final Loss loss;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger strangers = new AtomicInteger();

    Losing(Loss loss) {
      super(HOST);
      this.loss = loss;
    }

    @Override
    public int eventCounter() {
      if (isPipe()) {
        return -N.ENOSYS();
      }
      if (opened.incrementAndGet() > 1) {
        return super.eventCounter();
      }
      return loss == Loss.NONE_FREE ? -N.EMFILE() : NOT_OPEN;
    }

    private boolean isPipe() {
      return loss == Loss.PIPE_CLOSED || loss == Loss.WRITER_CLOSED;
    }

    // The library opens pipes for children as well; those come later and earlier than the one that
    // a waiting thread opens.
    @Override
    public int pipe(MemorySegment ends) {
      int result = super.pipe(ends);
      boolean wakes =
          StackWalker.getInstance()
              .walk(s -> s.anyMatch(f -> f.getClassName().equals(WakeDescriptor.class.getName())));
      if (wakes && isPipe() && opened.incrementAndGet() == 1) {
        int end = loss == Loss.PIPE_CLOSED ? 0 : Integer.BYTES;
        super.close(ends.get(ValueLayout.JAVA_INT, end));
        ends.set(ValueLayout.JAVA_INT, end, NOT_OPEN);
      }
      return result;
    }

    @Override
    public int setNonBlocking(int descriptor) {
      return descriptor == NOT_OPEN ? 0 : super.setNonBlocking(descriptor);
    }

    @Override
    public int close(int descriptor) {
      strangers.addAndGet(descriptor == NOT_OPEN ? 1 : 0);
      return super.close(descriptor);
    }

    @Override
    public int poll(PollSet set, long nanos) {
      polls.incrementAndGet();
      return super.poll(set, nanos);
    }
  }

  private static PosixPlatform on(Losing posix) {
    Settings usual = Settings.ofSystemProperties();
    return new PosixPlatform(posix, new Settings(usual.tier(), usual.pidfd(), false));
  }

  private static FutureTask<Void> waiting(StepDriver driver, boolean virtual) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              driver.child().step(driver, Deadline.never());
              return null;
            });
    Thread _ = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
    return task;
  }

  @ParameterizedTest
  @EnumSource
  void waitOfAThreadNeitherSpinsNorHangs(Loss loss) throws Exception {
    waitNeitherSpinsNorHangs(new Losing(loss), false);
  }

  // The poller waits for virtual threads, here without epoll.
  @ParameterizedTest
  @EnumSource
  void waitOfThePollerNeitherSpinsNorHangs(Loss loss) throws Exception {
    waitNeitherSpinsNorHangs(new Losing(loss), true);
  }

  private void waitNeitherSpinsNorHangs(Losing posix, boolean virtual) throws Exception {
    StepDriver driver = start(on(posix), SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO); // closes stdin
    FutureTask<Void> first = waiting(driver, virtual);
    await("the descriptor is opened", () -> posix.opened.get() > 0);
    int before = posix.polls.get();
    Thread.sleep(SILENCE); // what is measured is how often it polls in this time
    assertThat(posix.polls.get() - before).isLessThan(MOST_POLLS);
    driver.child().wake();
    first.get(30, TimeUnit.SECONDS);

    await("another one is opened", () -> wakes(driver, virtual) && posix.opened.get() > 1);
    assertThat(posix.strangers.get()).as("closed numbers that were not ours").isZero();
    driver.child().signal(N.SIGKILL());
    driver.text();
  }

  /** Sees writes to a number that we have closed. */
  private static final class Watching extends ForwardingPosix {
    private final Set<Integer> closed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger late = new AtomicInteger();

    Watching() {
      super(HOST);
    }

    @Override
    public int eventCounter() {
      int result = super.eventCounter();
      closed.remove(result);
      return result;
    }

    @Override
    public int pipe(MemorySegment ends) {
      int result = super.pipe(ends);
      closed.remove(ends.get(ValueLayout.JAVA_INT, 0));
      closed.remove(ends.get(ValueLayout.JAVA_INT, Integer.BYTES));
      return result;
    }

    @Override
    public int close(int descriptor) {
      closed.add(descriptor);
      return super.close(descriptor);
    }

    @Override
    public long write(int descriptor, MemorySegment from, long bytes) {
      late.addAndGet(closed.contains(descriptor) ? 1 : 0);
      return super.write(descriptor, from, bytes);
    }
  }

  @Test
  void ringReachesNoDescriptorThatWasClosed() throws Exception {
    Watching posix = new Watching();
    AtomicReference<PollContext> current = new AtomicReference<>(new PollContext(posix));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger rings = new AtomicInteger();
    Thread ringing =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    current.get().wakeUp();
                    rings.incrementAndGet();
                  }
                });
    for (int i = 0; i < 2_000; i++) {
      int before = rings.get();
      current.getAndSet(new PollContext(posix)).close();
      if (i % 100 == 0) {
        await("it rings", () -> rings.get() > before);
      }
    }
    over.set(true);
    ringing.join();
    current.get().close();
    assertThat(posix.late).hasValue(0);
  }

  private static boolean wakes(StepDriver driver, boolean virtual) {
    FutureTask<Void> next = waiting(driver, virtual);
    try {
      driver.child().wake();
      next.get(30, TimeUnit.SECONDS);
      driver.step(Duration.ZERO); // takes the wake-up, should the step have ended without
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
