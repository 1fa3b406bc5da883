package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContext;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Uninterrupted;
import java.io.IOException;

/**
 * How the stepping thread learns of the exit.
 *
 * <ul>
 *   <li>With a process descriptor, it polls that along with the pipes.
 *   <li>Without one, a thread in {@code waitid} reports the exit.
 *   <li>Where neither works, it looks now and then.
 * </ul>
 *
 * <p>Used by the stepping thread, except for {@link #handOver}.
 */
final class ExitWait {
  private static final int NOT_POLLED = -1;
  private static final long PAUSE_NANOS = 10_000_000;
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 50_000_000;

  private final ChildServices services;
  private final Posix posix;
  private final ChildExit exit;
  private final Runnable ring;
  private volatile boolean handedOver;
  private boolean taken;
  private boolean reported;
  private boolean watched;
  private boolean unwatchable;
  private boolean stalled;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private int polled = NOT_POLLED;

  ExitWait(ChildServices services, ChildExit exit, Runnable ring) {
    this.services = services;
    posix = services.posix();
    this.exit = exit;
    this.ring = ring;
  }

  boolean isReported() {
    return reported;
  }

  /** Adds the process descriptor, if there is one, to what is polled. */
  void prepare(PollContext context) {
    int descriptor = exit.descriptor();
    polled =
        reported || stalled || descriptor == ChildExit.NONE
            ? NOT_POLLED
            : context.add(descriptor, posix.constants().POLLIN());
  }

  /**
   * How long the wait may be, so that an exit that no descriptor reports is not missed for long.
   */
  Deadline limit(Deadline deadline) throws IOException {
    if (reported || (polled != NOT_POLLED && !stalled) || deadline.hasPassed()) {
      return deadline;
    }
    if (exit.collect() != null) {
      return Deadline.now();
    }
    if (!stalled && !watched && !unwatchable) {
      watched = exit.isPeekable() && WaitidThread.start(posix, exit.pid(), this::ended);
      unwatchable = !watched;
    }
    return watched ? deadline : pause(deadline);
  }

  /** How long to wait at most where something may happen that nothing reports. */
  Deadline pause(Deadline deadline) {
    Deadline pause = deadline.atMost(pauseNanos);
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    return pause;
  }

  /**
   * Lets the poller ring at the exit.
   *
   * @return false if it cannot
   */
  boolean arm() {
    return polled == NOT_POLLED || stalled || exit.arm(services.poller(), ring);
  }

  /** Reports the exit to core, once, when it can be collected. Whether it did. */
  boolean report(PollContext context, ChildEvents events) throws IOException {
    if (reported || (polled != NOT_POLLED && exit.checked(context.happened(polled)) == 0)) {
      return false;
    }
    Termination status = exit.collect();
    // While a tracer holds the child its descriptor is readable and waitid(2) has nothing. Polled
    // again at once it would be reported at once, so the next wait goes without it.
    stalled = polled != NOT_POLLED && status == null;
    if (status != null) {
      events.exited(status);
      reported = true; // only now: what was not heard is reported again
    }
    return reported;
  }

  /**
   * No thread steps this child again: whatever learns of the exit collects it. May be called again
   * if it failed.
   */
  void handOver() {
    handedOver = true; // before the last look: a thread in waitid either sees this or is late
    if (taken || reported || collect() || watched) {
      return;
    }
    if (exit.descriptor() != ChildExit.NONE
        || !exit.isPeekable()
        || !WaitidThread.start(posix, exit.pid(), this::ended)) {
      services.reaper().add(exit);
    }
    taken = true;
  }

  // Runs on the thread in waitid.
  private void ended() {
    ring.run();
    while (handedOver && !isTaken()) {
      Uninterrupted.pause(PAUSE_NANOS); // this thread is the last one that knows of the child
    }
  }

  private boolean isTaken() {
    try {
      if (!collect()) {
        services.reaper().add(exit);
      }
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private boolean collect() {
    try {
      return exit.collect() != null;
    } catch (IOException e) { // no caller is left to hear of it; the reaper tries again
      return false;
    }
  }
}
