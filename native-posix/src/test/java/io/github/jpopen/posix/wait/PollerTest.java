package io.github.jpopen.posix.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ReadyTokens;
import io.github.jpopen.posix.libc.Retrying;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The poller thread lives through errors, and every waiting thread is woken. */
class PollerTest extends PosixTest {
  private static final Duration IDLE = Duration.ofSeconds(10);

  /** Throws as many errors as it is given, from the calls that wait. */
  private static final class Failing extends ForwardingPosix {
    private final AtomicInteger left;

    Failing(int errors) {
      super(HOST);
      left = new AtomicInteger(errors);
    }

    private void mayThrow() {
      if (left.getAndDecrement() > 0) {
        throw new OutOfMemoryError("full for a moment");
      }
    }

    @Override
    public int epollWait(int epoll, ReadyTokens ready) {
      mayThrow();
      return super.epollWait(epoll, ready);
    }

    @Override
    public int poll(PollSet set, long nanos) {
      mayThrow();
      return super.poll(set, nanos);
    }
  }

  /** A pipe whose reading end is registered. */
  private static final class Watched implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment ends = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
    private final AtomicInteger fired = new AtomicInteger();
    private final AtomicInteger errors;
    private final Registration registration;

    Watched(Poller poller, int errors) {
      this.errors = new AtomicInteger(errors);
      assertThat(HOST.pipe(ends)).isZero();
      registration = poller.register();
      arm();
    }

    void arm() {
      assertThat(registration.arm(reading(), HOST.constants().POLLIN(), this::happened)).isTrue();
    }

    private void happened() {
      if (errors.getAndDecrement() > 0) {
        throw new OutOfMemoryError("full for a moment");
      }
      fired.incrementAndGet();
    }

    int reading() {
      return ends.get(ValueLayout.JAVA_INT, 0);
    }

    void write() {
      int writing = ends.get(ValueLayout.JAVA_INT, Integer.BYTES);
      assertThat(HOST.write(writing, arena.allocate(1), 1)).isEqualTo(1);
    }

    void awaitFired() {
      await("the poller fires", () -> fired.get() > 0);
    }

    @Override
    public void close() {
      registration.remove(reading());
      HOST.close(reading());
      HOST.close(ends.get(ValueLayout.JAVA_INT, Integer.BYTES));
      arena.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pollerSurvivesErrorsOfItsWait(boolean epoll) {
    Failing failing = new Failing(5);
    Poller poller = new Poller(failing, new PollContexts(failing), epoll, IDLE);
    try (Watched watched = new Watched(poller, 0)) {
      watched.awaitFired(); // for no reason: the thread that waits looks again
      await("all errors are thrown", () -> failing.left.get() < 0);
      watched.fired.set(0);
      watched.arm();
      watched.write();
      watched.awaitFired();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorOfOneActionKeepsNoOtherFromFiring(boolean epoll) {
    Poller poller = new Poller(HOST, new PollContexts(HOST), epoll, IDLE);
    try (Watched failing = new Watched(poller, 3);
        Watched other = new Watched(poller, 0)) {
      failing.write();
      other.write();
      failing.awaitFired();
      other.awaitFired();
      other.fired.set(0);
      other.arm();
      other.awaitFired();
    }
  }

  /** How long an idle thread stays says nothing about how long it waits while it is used. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pollerThatDoesNotIdleWaits(boolean epoll) throws Exception {
    Failing counting = new Failing(0);
    Poller poller = new Poller(counting, new PollContexts(counting), epoll, Duration.ZERO);
    try (Watched watched = new Watched(poller, 0)) {
      await("it waits", () -> counting.left.get() < 0);
      int before = counting.left.get();
      Thread.sleep(100); // what is measured is how often it looks in this time
      assertThat(before - counting.left.get()).isLessThan(10);
      assertThat(watched.fired).hasValue(0);
    }
  }

  /**
   * So long that the time for {@code epoll_wait} cannot be computed: as good as no memory for it.
   */
  @Test
  void descriptorIsClosedIfItsMemoryCannotBeMade() {
    notLikeMac("without epoll");
    AtomicInteger open = new AtomicInteger();
    Posix counting =
        new ForwardingPosix(HOST) {
          @Override
          public int epollCreate() {
            open.incrementAndGet();
            return super.epollCreate();
          }

          @Override
          public int close(int descriptor) {
            open.decrementAndGet();
            return super.close(descriptor);
          }
        };
    Duration tooLong = Duration.ofSeconds(Long.MAX_VALUE);
    Poller poller = new Poller(counting, new PollContexts(counting), true, tooLong);
    Registration registration = poller.register();
    assertThatThrownBy(() -> registration.arm(0, HOST.constants().POLLIN(), () -> {}))
        .isInstanceOf(ArithmeticException.class);
    assertThat(open).hasValue(0);
  }

  /** Holds back what the kernel has answered. */
  private static final class Holding extends ForwardingPosix {
    private final CountDownLatch taken = new CountDownLatch(1);
    private final CountDownLatch given = new CountDownLatch(1);

    Holding() {
      super(HOST);
    }

    private int hold(int answer) {
      if (answer > 0 && taken.getCount() > 0) {
        taken.countDown();
        try {
          assertThat(given.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return answer;
    }

    @Override
    public int epollWait(int epoll, ReadyTokens ready) {
      return hold(super.epollWait(epoll, ready));
    }
  }

  // The event was taken; then the descriptor is closed, and its number used again.
  @Test
  void lateEventReachesNoDescriptorWithTheSameNumber() throws Exception {
    notLikeMac("without epoll");
    Holding holding = new Holding();
    Poller poller = new Poller(holding, new PollContexts(holding), true, IDLE);
    int number;
    AtomicInteger late;
    try (Watched first = new Watched(poller, 0)) {
      first.write();
      assertThat(holding.taken.await(30, TimeUnit.SECONDS)).isTrue();
      number = first.reading();
      late = first.fired;
    }
    try (Watched other = new Watched(poller, 0);
        Watched third = new Watched(poller, 0)) {
      assumeTrue(other.reading() == number, "other code has taken the number");
      holding.given.countDown();
      third.write(); // its event comes after the one that was held back
      third.awaitFired();
      assertThat(other.fired).hasValue(0);
      assertThat(late).hasValue(0);
      other.write();
      other.awaitFired();
    }
  }

  /** Interrupts each wait of epoll after a moment, until it is healed. */
  private static final class Interrupting extends ForwardingPosix {
    private final AtomicInteger waits = new AtomicInteger();
    private volatile boolean healed;

    Interrupting() {
      super(HOST);
    }

    @Override
    public int epollWait(int epoll, ReadyTokens ready) {
      waits.incrementAndGet();
      if (healed) {
        return super.epollWait(epoll, ready);
      }
      LockSupport.parkNanos(1_000_000);
      return -HOST.constants().EINTR();
    }
  }

  // SIGCHLD of one child interrupts a thread of ours while another thread blocks it to spawn.
  @Test
  void interruptedWaitsDoNotKeepAnIdlePollerAlive() {
    notLikeMac("without epoll");
    Interrupting interrupting = new Interrupting();
    Posix posix = new Retrying(interrupting);
    Poller poller = new Poller(posix, new PollContexts(posix), true, Duration.ofMillis(50));
    Set<Thread> before = pollers();
    try {
      new Watched(poller, 0).close();
      await("it waits", () -> interrupting.waits.get() > 3);
      await("it ends", () -> before.containsAll(pollers()));
    } finally {
      interrupting.healed = true;
    }
  }

  private static Set<Thread> pollers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("jpopen-poller"))
        .collect(Collectors.toSet());
  }
}
