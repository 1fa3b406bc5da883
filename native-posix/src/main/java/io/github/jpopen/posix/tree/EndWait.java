package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContext;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.posix.wait.Registration;
import io.github.jpopen.posix.wait.StepWaker;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;

/**
 * Waits for the end of a process that is no child of ours. Its descriptor reports that; without one
 * it is looked at now and then.
 */
final class EndWait {
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

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
    while (!member.hasEnded()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (deadline.hasPassed()) {
        return false;
      }
      // The end is reported only when the last thread is gone; a slice in case it never is.
      boolean reported = member.hasDescriptor();
      wait(member, deadline.atMost(reported ? 50 * LONGEST_PAUSE_NANOS : pause));
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

  private void wait(Member member, Deadline deadline) throws IOException, InterruptedException {
    if (!member.hasDescriptor()) {
      boolean _ = new StepWaker().park(deadline);
    } else if (Thread.currentThread().isVirtual()) {
      parkVirtual(member, deadline);
    } else {
      PollContext context = contexts.take();
      try {
        context.clear();
        int _ = context.add(member.descriptor(), posix.constants().POLLIN());
        context.await(deadline);
      } finally {
        contexts.give(context);
      }
    }
  }

  private void parkVirtual(Member member, Deadline deadline) {
    StepWaker waker = new StepWaker();
    Registration registration = poller.register();
    try {
      boolean armed =
          registration.arm(member.descriptor(), posix.constants().POLLIN(), waker::ring);
      boolean _ = waker.park(armed ? deadline : deadline.atMost(LONGEST_PAUSE_NANOS));
    } finally {
      registration.remove(member.descriptor());
    }
  }
}
