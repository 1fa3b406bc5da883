package io.github.jpopen.conversation;

import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until a conversation is complete, or until one of the limits of the call has passed. */
final class Completion implements BooleanSupplier {
  private final Stepper stepper;
  private final ChildState state;
  private final @Nullable Delivery delivery;
  private final BooleanSupplier hasExited;
  private final Deadline deadline;
  private final @Nullable Duration idle;
  private final @Nullable Duration drain;
  private final long start = System.nanoTime();

  Completion(
      Stepper stepper,
      ChildState state,
      BooleanSupplier hasExited,
      Deadline deadline,
      Limits limits,
      @Nullable Delivery delivery) {
    this.stepper = stepper;
    this.state = state;
    this.delivery = delivery;
    this.hasExited = hasExited;
    this.deadline = deadline;
    this.idle = limits.idle();
    this.drain = limits.drain();
  }

  Outcome await() throws IOException, InterruptedException {
    Outcome moved = until(drain == null ? this : this::hasEnded, deadline, Role.MOVER);
    if (moved != Outcome.COMPLETE) {
      return moved;
    }
    // Without a drain the bytes are complete. With one, the child may have ended first: then it has
    // kept every limit, and whichever passes next only ends the wait for others.
    if (drain != null && until(this, drainEnd(drain), Role.MOVER) != Outcome.COMPLETE) {
      return Outcome.DRAINED;
    }
    return until(hasExited, deadline, Role.WATCHER);
  }

  private Deadline drainEnd(Duration limit) {
    Deadline end = Deadline.after(limit);
    return end.isNever() ? deadline : earlier(deadline, end, "drain");
  }

  private static Deadline earlier(Deadline one, Deadline other, String name) {
    long left = other.nanosLeft();
    return one.nanosLeft() <= left ? one : one.atMost(left).named(name);
  }

  /** Whether all bytes were moved. */
  @Override
  public boolean getAsBoolean() {
    state.reportInputFailure();
    state.reportOutputFailure();
    state.checkMemory(Thread.currentThread());
    return state.isComplete();
  }

  private boolean hasEnded() {
    return getAsBoolean() || state.status() != null;
  }

  private boolean step(BooleanSupplier done, Deadline end, Role role)
      throws IOException, InterruptedException {
    return delivery == null ? stepper.until(done, end, role) : delivery.until(done, end, role);
  }

  private Outcome until(BooleanSupplier done, Deadline end, Role role)
      throws IOException, InterruptedException {
    if (idle == null) {
      return step(done, end, role) ? Outcome.COMPLETE : Outcome.TIMED_OUT;
    }
    Deadline silence = Deadline.after(idle);
    while (!step(done, earlier(end, silence, "idle timeout"), role)) {
      if (end.hasPassed()) {
        return Outcome.TIMED_OUT;
      }
      silence = Deadline.after(idle.minusNanos(System.nanoTime() - lastByte()));
      if (silence.hasPassed()) {
        return Outcome.IDLE;
      }
    }
    return Outcome.COMPLETE;
  }

  /** When the last byte moved; the start of this call if it was before. */
  private long lastByte() {
    try (var _ = stepper.lock.hold()) {
      long moved = state.movedAt();
      return moved - start > 0 ? moved : start;
    }
  }
}
