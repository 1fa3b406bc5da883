package io.github.jpopen.scripted;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether core keeps to the contract of the seam. What it finds fails the test at its end,
 * whatever core made of the error.
 */
final class SpiChecks {
  private static final int COMPARED = 256;

  private final List<String> violations = new ArrayList<>();
  private final Set<StreamKind> open = EnumSet.noneOf(StreamKind.class);
  private @Nullable ChildEvents events;
  private @Nullable Thread stepper;
  private byte[] rest = new byte[0]; // the beginning of the bytes offered and not yet accepted
  private long restSize;
  private boolean closed;

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  private void require(boolean kept, String rule) {
    if (!kept) {
      violations.add(rule);
      throw new AssertionError(rule);
    }
  }

  synchronized void spawned(Set<StreamKind> pipes) {
    open.addAll(pipes);
  }

  @SuppressWarnings("ReferenceEquality") // the same object is what the contract asks for
  synchronized void beginStep(ChildEvents told) {
    require(stepper == null, "two threads step at a time");
    require(!closed, "a step after close");
    require(events == null || events == told, "a step with other events than the one before");
    events = told;
    stepper = Thread.currentThread();
  }

  synchronized void endStep() {
    stepper = null;
  }

  /** A callback of the platform: the fake must keep the contract too. */
  @SuppressWarnings("ReferenceEquality")
  private void inStep() {
    require(stepper == Thread.currentThread(), "a callback outside a step");
  }

  synchronized void close() {
    require(stepper == null, "close during a step");
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized boolean isOpen(StreamKind stream) {
    return open.contains(stream);
  }

  synchronized void ended(StreamKind stream) {
    inStep();
    require(open.remove(stream), stream + " ended twice");
  }

  /** Bytes that were offered stay the same until they are accepted. */
  synchronized MemorySegment offered(MemorySegment pending) {
    inStep();
    require(pending.byteSize() > 0, "stdin is wanted, but no input is pending");
    if (restSize > 0) {
      require(pending.byteSize() == restSize, "pending input changed its size before accepted");
      require(MemorySegment.ofArray(rest).mismatch(front(pending)) < 0, "pending input changed");
    }
    remember(pending);
    return pending;
  }

  synchronized void accepted(MemorySegment offered, long bytes) {
    inStep();
    remember(offered.asSlice(bytes));
  }

  private void remember(MemorySegment pending) {
    restSize = pending.byteSize();
    rest = front(pending).toArray(ValueLayout.JAVA_BYTE);
  }

  private static MemorySegment front(MemorySegment memory) {
    return memory.asSlice(0, Math.min(COMPARED, memory.byteSize()));
  }

  synchronized MemorySegment room(MemorySegment room) {
    inStep();
    require(room.byteSize() > 0, "room for no byte");
    require(!room.isReadOnly(), "room that cannot be written to");
    return room;
  }

  /** Core is asked, and must not want what has ended. */
  synchronized boolean asked(boolean answer, StreamKind stream, String question) {
    inStep();
    require(!answer || open.contains(stream), stream + " has ended, but is " + question);
    return answer;
  }
}
