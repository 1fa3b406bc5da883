package io.github.jpopen.posix.wait;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.ReadyTokens;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
}
