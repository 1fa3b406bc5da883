package io.github.jpopen.conversation;

import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.OutputTap;
import io.github.jpopen.output.TappedOutput;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands the outputs to their consumers while bytes are moved.
 *
 * <p>A consumer is called by a thread that waits for bytes to move, between two steps and without
 * the lock of the conversation. One thread delivers at a time. After a piece was handed to one
 * consumer of an output it goes to the others, even if the first one threw.
 */
final class Delivery {
  private static final int PIECE = 64 * 1024;

  /** How many pieces may follow a deadline. */
  private static final int EXTRA_PIECES = 4;

  /** How long consumers may take for what came before a call failed. */
  private static final Duration REST = Duration.ofSeconds(1);

  private static final int MOST_SUPPRESSED = 16;

  private final Stepper stepper;
  private final ChildState state;
  private final Map<StreamKind, TappedOutput> outputs = new EnumMap<>(StreamKind.class);
  private final @Nullable Turn turn; // null if no other conversation shares the consumers
  private final ConsumerFailure failure = new ConsumerFailure(); // guarded by the lock
  private @Nullable Thread deliverer; // changed with the lock held
  private byte[] piece = {}; // of the deliverer

  Delivery(
      Stepper stepper,
      ChildState state,
      Map<StreamKind, OutputBuffer> outputs,
      @Nullable Turn turn) {
    this.stepper = stepper;
    this.state = state;
    this.turn = turn;
    if (turn != null) {
      turn.join(stepper::interestChanged);
    }
    for (Map.Entry<StreamKind, OutputBuffer> output : outputs.entrySet()) {
      if (output.getValue() instanceof TappedOutput tapped) {
        this.outputs.put(output.getKey(), tapped);
      }
    }
  }

  /** As {@link Stepper#until}; consumers get what comes meanwhile, and what they throw ends it. */
  boolean until(BooleanSupplier done, Deadline deadline, Role role)
      throws IOException, InterruptedException {
    return untilDelivered(done, deadline, role, true);
  }

  /** As {@link #until}, for a mover; what a consumer throws is kept for the next call. */
  boolean untilQuietly(BooleanSupplier done, Deadline deadline)
      throws IOException, InterruptedException {
    return untilDelivered(done, deadline, Role.MOVER, false);
  }

  private boolean untilDelivered(
      BooleanSupplier done, Deadline deadline, Role role, boolean throwing)
      throws IOException, InterruptedException {
    int extra = EXTRA_PIECES;
    if (throwing) {
      throwFailure(); // of a call that could not throw it
    }
    while (true) {
      boolean inTime = stepper.until(() -> hasWork() || done.getAsBoolean(), deadline, role);
      boolean delivered = deliver(throwing);
      if (throwing) {
        throwFailure();
      } else {
        throwInterrupt();
      }
      if (!inTime || (deadline.hasPassed() && --extra == 0)) {
        return isDone(done);
      }
      if (!delivered && isDone(done)) {
        return true;
      }
      if (Thread.interrupted()) { // no step looks at it as long as there is something to deliver
        throw new InterruptedException();
      }
    }
  }

  private boolean isDone(BooleanSupplier done) {
    try (var _ = stepper.lock.hold()) {
      return done.getAsBoolean();
    }
  }

  /** Whether there is something for a consumer, and this thread may deliver it. With the lock. */
  private boolean hasWork() {
    if (deliverer != null) {
      return false;
    }
    for (TappedOutput output : outputs.values()) {
      if (output.isAccessibleBy(Thread.currentThread()) && output.hasWork()) {
        return turn == null || turn.isFree();
      }
    }
    return false;
  }

  /** The thread that is in a consumer, null if none is. Call with the lock held. */
  @Nullable Thread deliverer() {
    return deliverer;
  }

  /** Whether the consumers have all that came. Call with the lock held. */
  boolean isComplete() {
    for (TappedOutput output : outputs.values()) {
      if (!output.isDelivered()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Hands out one piece of each output; false if there is nothing, or another thread does.
   *
   * @param throwing whether a failure ends the call of this thread
   */
  private boolean deliver(boolean throwing) {
    try (var _ = stepper.lock.hold()) {
      if (!hasWork() || !(turn == null || turn.tryTake())) {
        return false;
      }
      setDeliverer(Thread.currentThread());
    }
    try {
      ReadDeadline.suspended(() -> outputs.forEach(this::deliver)); // a consumer may read, too
    } finally {
      leaveTurn(throwing);
      try (var _ = stepper.lock.hold()) {
        setDeliverer(null);
        state.delivered();
        if (!throwing) {
          failure.letAnyCallFail();
        }
      }
      stepper.interestChanged(); // there is room again
    }
    return true;
  }

  private void leaveTurn(boolean throwing) {
    if (turn != null) {
      if (throwing && hasFailed()) {
        turn.failed();
      }
      turn.leave();
    }
  }

  private boolean hasFailed() {
    try (var _ = stepper.lock.hold()) {
      return failure.isKept();
    }
  }

  private void setDeliverer(@Nullable Thread thread) {
    deliverer = thread;
    for (TappedOutput output : outputs.values()) {
      output.setDeliverer(thread);
    }
  }

  private void deliver(StreamKind stream, TappedOutput output) {
    if (!output.isAccessibleBy(Thread.currentThread())) {
      return;
    }
    if (piece.length == 0) {
      piece = new byte[PIECE];
    }
    int length = output.isBehind() ? 0 : state.take(stream, output, piece);
    boolean ends = false;
    boolean cutShort = false;
    if (length == 0) {
      try (var _ = stepper.lock.hold()) {
        ends = output.takeEnd(false);
        cutShort = state.isCutShort(stream);
      }
    }
    for (OutputTap tap : List.copyOf(output.taps())) {
      try {
        if (length > 0) {
          tap.accept(piece, length);
        } else if (ends) {
          tap.end(cutShort);
        } else {
          tap.resume();
        }
      } catch (Throwable e) {
        fail(stream, e);
      }
    }
  }

  private void fail(StreamKind stream, Throwable e) {
    try (var _ = stepper.lock.hold()) {
      failure.add(stream, e);
    }
  }

  /** Takes what ends the call of this thread; null if nothing does. */
  private ConsumerFailure.@Nullable Thrown takeFailure() {
    try (var _ = stepper.lock.hold()) {
      return deliverer == null ? failure.take() : null;
    }
  }

  private ConsumerFailure.@Nullable Thrown takeInterrupt() {
    try (var _ = stepper.lock.hold()) {
      return deliverer == null ? failure.takeInterrupt() : null;
    }
  }

  private void throwFailure() throws InterruptedException {
    ConsumerFailure.Thrown first = takeFailure();
    if (first == null) {
      return;
    }
    if (isReleased()) { // the consumer failed because its file was closed, perhaps
      throw new IllegalStateException("this Popen is closed");
    }
    first.rethrow();
  }

  private boolean isReleased() {
    try (var _ = stepper.lock.hold()) {
      return stepper.isReleased();
    }
  }

  /** An interrupt belongs to the thread that called the consumer. */
  private void throwInterrupt() throws InterruptedException {
    ConsumerFailure.Thrown first = takeInterrupt();
    if (first != null) {
      first.rethrow();
    }
  }

  /** Hands out one piece of each output; what a consumer throws is kept for the next call. */
  void deliverQuietly() {
    boolean _ = deliver(false);
    if (takeInterrupt() != null) {
      Thread.currentThread().interrupt(); // the next wait of this thread finds it
    }
  }

  /** Hands out what has come, and the ends, as long as it may take. The call has failed already. */
  void finish(Throwable reason) {
    Deadline end = Deadline.after(REST);
    handOut(reason, end);
    for (TappedOutput output : outputs.values()) {
      endEarly(output, reason);
    }
    handOut(reason, end); // what the ends made lines
  }

  private void handOut(Throwable reason, Deadline end) {
    boolean delivered = true;
    while (delivered) {
      if (end.hasPassed()) {
        stopTaps(); // what is left is kept, and not handed out
      }
      delivered = deliver(false);
      ConsumerFailure.Thrown more = takeFailure();
      if (more != null) {
        suppress(reason, more.thrown());
        if (more.isInterrupt()) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** A consumer may throw at each of many thousand lines. */
  private static void suppress(Throwable reason, Throwable more) {
    if (reason.getSuppressed().length < MOST_SUPPRESSED) {
      reason.addSuppressed(more);
    }
  }

  private void endEarly(TappedOutput output, Throwable reason) {
    boolean ends;
    try (var _ = stepper.lock.hold()) {
      ends = deliverer == null && output.takeEnd(true);
    }
    if (ends) {
      for (OutputTap tap : output.taps()) {
        try {
          tap.end(true);
        } catch (Throwable e) {
          suppress(reason, e);
        }
      }
    }
  }

  /** No consumer is called from now on. What comes is still kept. */
  void stop() {
    try (var _ = stepper.lock.hold()) {
      failure.drop();
      stopTaps();
    }
  }

  private void stopTaps() {
    try (var _ = stepper.lock.hold()) {
      for (TappedOutput output : outputs.values()) {
        output.stop();
      }
    }
  }
}
