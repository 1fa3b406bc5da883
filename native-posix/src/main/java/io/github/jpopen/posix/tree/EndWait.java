package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContext;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.posix.wait.Registration;
import io.github.jpopen.posix.wait.StepWaker;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the end of a process that is no child of ours. Its descriptor reports that; without one
 * it is looked at now and then.
 */
final class EndWait {
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_SLICE_NANOS = 1_000_000_000;

  private final Posix posix;
  private final PollContexts contexts;
  private final Poller poller;

  EndWait(Posix posix, PollContexts contexts, Poller poller) {
    this.posix = posix;
    this.contexts = contexts;
    this.poller = poller;
  }

  /** Waits; false if the deadline passed first. */
  boolean await(Member member, Deadline deadline) throws IOException, InterruptedException {
    long pause = FIRST_PAUSE_NANOS;
    boolean early = false;
    while (!member.hasEnded()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (deadline.hasPassed()) {
        return false;
      }
      // A descriptor that is ready although the end cannot be seen would be so at once, each time.
      boolean byDescriptor = member.hasDescriptor() && !early;
      // The end is reported only when the last thread is gone; a slice in case it never is.
      Deadline slice = deadline.atMost(byDescriptor ? LONGEST_SLICE_NANOS : pause);
      if (byDescriptor) {
        waitFor(member.descriptor(), slice);
      } else {
        pause(slice);
      }
      early = byDescriptor && !slice.hasPassed();
      pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
    }
    return true;
  }

  /** The same, whatever interrupts. */
  boolean awaitUninterrupted(Member member, Deadline deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return await(member, deadline);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (IOException e) {
          return member.hasEnded();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void pause(Deadline deadline) {
    LockSupport.parkNanos(deadline.nanosLeft());
  }

  private void waitFor(int descriptor, Deadline deadline) throws IOException, InterruptedException {
    if (Thread.currentThread().isVirtual()) {
      park(descriptor, deadline);
      return;
    }
    PollContext context = contexts.take();
    try {
      context.clear();
      int _ = context.add(descriptor, posix.constants().POLLIN());
      context.await(deadline);
    } finally {
      contexts.give(context);
    }
  }

  private void park(int descriptor, Deadline deadline) {
    StepWaker waker = new StepWaker();
    Registration registration = poller.register();
    try {
      boolean armed = registration.arm(descriptor, posix.constants().POLLIN(), waker::ring);
      boolean _ = waker.park(armed ? deadline : deadline.atMost(LONGEST_PAUSE_NANOS));
    } finally {
      registration.remove(descriptor);
    }
  }
}
