package io.github.jpopen.conversation;

import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.TappedOutput;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one child: its pipes, the bytes on their way, its exit. The reports of the
 * stepping thread change it.
 *
 * <p>It belongs to the child and not to a call, so it outlives every timeout. The lock of {@link
 * #stepper} guards it: the methods of {@link ChildEvents} take the lock, all others are called with
 * it held.
 */
final class ChildState implements Stepper.Stepped {
  private enum End {
    OPEN,
    CLOSING,
    CLOSED
  }

  final Stepper stepper;

  private final Map<StreamKind, End> pipes = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, OutputBuffer> outputs;
  private final ArrayDeque<InputSource> input = new ArrayDeque<>();
  private final Map<StreamKind, IOException> broken = new LinkedHashMap<>();
  private final Set<StreamKind> cutOff = EnumSet.noneOf(StreamKind.class);
  private final Set<StreamKind> cutShort = EnumSet.noneOf(StreamKind.class);
  private final @Nullable Runnable interestChanged; // made once: what was sealed must be sent
  private @Nullable Termination status;
  private final long startedAt = System.nanoTime();
  private long movedAt = startedAt;
  private long sent;
  private @Nullable InputSource eager; // the last input that every step sends
  private boolean closeAfterInput;
  private volatile boolean stdinOpen; // changed with the lock held
  private boolean refused;
  private boolean failureReported;
  private boolean outputFailed; // an output has passed its limit, or its file has failed

  ChildState(ChildProcess child, boolean stdin, Map<StreamKind, OutputBuffer> outputs) {
    this.stepper = new Stepper(child, this);
    this.interestChanged = stdin ? stepper::interestChanged : null;
    this.outputs = outputs;
    if (stdin) {
      set(StreamKind.STDIN, End.OPEN);
    }
    for (StreamKind stream : outputs.keySet()) {
      set(stream, End.OPEN);
    }
  }

  private void set(StreamKind stream, End end) {
    pipes.put(stream, end);
    if (stream == StreamKind.STDIN) {
      stdinOpen = end == End.OPEN;
    }
  }

  /** As {@link #isOpen} of stdin, but needs no lock. */
  boolean isStdinOpen() {
    return stdinOpen;
  }

  // For the rest of core, with the lock held.

  boolean isPipe(StreamKind stream) {
    return pipes.containsKey(stream);
  }

  /** Whether our end is gone, or there never was one. */
  boolean isClosed(StreamKind stream) {
    End end = pipes.get(stream);
    return end == null || end == End.CLOSED;
  }

  boolean areClosed(StreamKind... streams) {
    for (StreamKind stream : streams) {
      if (!isClosed(stream)) {
        return false;
      }
    }
    return true;
  }

  boolean isOpen(StreamKind stream) {
    return pipes.get(stream) == End.OPEN;
  }

  /** Whether our end was closed before the other was. */
  boolean isCutOff(StreamKind stream) {
    return cutOff.contains(stream);
  }

  /** Whether our end of an output was closed before its end came, and its bytes were kept. */
  boolean isCutShort(StreamKind stream) {
    return cutShort.contains(stream);
  }

  /** When the last byte moved, on the clock of {@link System#nanoTime}. */
  long movedAt() {
    return movedAt;
  }

  /** How many bytes the child's stdin has taken. */
  long sent() {
    return sent;
  }

  /**
   * Whether every pipe is closed. Stdin may be open if its input has failed and the failure was
   * reported. A source may fail at any moment, so an unreported failure keeps the conversation
   * incomplete.
   */
  boolean isComplete() {
    return (isClosed(StreamKind.STDIN) || failureReported)
        && isClosed(StreamKind.STDOUT)
        && isClosed(StreamKind.STDERR)
        && isDelivered();
  }

  /** Whether nothing is left to be done with the child. */
  boolean isOver() {
    return status != null
        && isClosed(StreamKind.STDIN)
        && isClosed(StreamKind.STDOUT)
        && isClosed(StreamKind.STDERR)
        && isDelivered();
  }

  private boolean isDelivered() {
    for (OutputBuffer output : outputs.values()) {
      if (!output.isDelivered()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a step would have nothing to wait for. An open stdin is something to wait for even if
   * there is nothing to send: a step reports when the child has closed its end.
   */
  @Override
  public boolean isStepPointless() {
    if (status == null || isOpen(StreamKind.STDIN)) {
      return false;
    }
    for (StreamKind stream : pipes.keySet()) {
      if (wants(stream) || closing(stream)) {
        return false;
      }
    }
    return true;
  }

  @Nullable Termination status() {
    return status;
  }

  /** Whether the child closed its end of stdin before all input was sent. */
  boolean isInputRefused() {
    return refused;
  }

  /** The first stream that broke, with the others suppressed; each is reported once. */
  @Nullable IOException takeBroken() {
    IOException first = null;
    for (IOException error : broken.values()) {
      if (first == null) {
        first = error;
      } else if (!first.equals(error)) {
        first.addSuppressed(error);
      }
    }
    broken.clear();
    return first;
  }

  /** How this stream broke, if it did; reported once. */
  @Nullable IOException takeBroken(StreamKind stream) {
    return broken.remove(stream);
  }

  /** Throws, once, if the source of the input failed before its end. */
  void reportInputFailure() {
    InputSource source = input.peek();
    Throwable failure = source == null ? null : source.failure();
    if (failure != null && !failureReported) {
      failureReported = true;
      throw new InputSource.FailedException(failure);
    }
  }

  /** Throws if an output has passed its limit, or if its file cannot be written. */
  void reportOutputFailure() {
    if (outputFailed) {
      for (Map.Entry<StreamKind, OutputBuffer> output : outputs.entrySet()) {
        IOException failure = output.getValue().failure();
        if (failure != null) {
          throw OutputFailedException.file(output.getKey(), failure);
        }
        if (output.getValue().isOverLimit()) {
          throw OutputFailedException.limit(output.getKey());
        }
      }
    }
  }

  /** Throws if a thread may not touch the memory of the bytes: it would wait for ever. */
  void checkMemory(Thread thread) {
    checkInput(thread, input.peek());
    for (StreamKind stream : outputs.keySet()) {
      checkOutput(thread, stream);
    }
  }

  static void checkInput(Thread thread, @Nullable InputSource source) {
    if (source != null && source.failure() == null) {
      source.checkAccess(thread);
    }
  }

  void checkOutput(Thread thread, StreamKind stream) {
    OutputBuffer output = output(stream);
    if (isOpen(stream) || !output.isDelivered()) { // consumers get it where it is kept
      output.checkAccess(thread);
    }
  }

  /** Whether the calling thread may touch the memory of all bytes that may be moved. */
  @Override
  public boolean isAccessible() {
    Thread thread = Thread.currentThread();
    InputSource source = input.peek();
    if (source != null && !source.isAccessibleBy(thread)) {
      return false;
    }
    for (Map.Entry<StreamKind, OutputBuffer> output : outputs.entrySet()) {
      if (isOpen(output.getKey()) && !output.getValue().isAccessibleBy(thread)) {
        return false;
      }
    }
    return true;
  }

  /** Whether this input is still on its way. */
  boolean isSending(InputSource source) {
    return input.contains(source);
  }

  OutputBuffer output(StreamKind stream) {
    OutputBuffer buffer = outputs.get(stream);
    if (buffer == null) {
      throw new IllegalStateException(stream + " is not a pipe");
    }
    return buffer;
  }

  /** No thread takes bytes without the lock from now on, unless a window is opened again. */
  void closeWindows() {
    closeWindow(StreamKind.STDOUT);
    closeWindow(StreamKind.STDERR);
  }

  // No iterator: what is sealed must be sent, so nothing in between may need memory.
  private void closeWindow(StreamKind stream) {
    OutputBuffer buffer = outputs.get(stream);
    if (buffer != null) {
      buffer.closeWindow();
    }
  }

  /** Discards the bytes of the outputs. */
  void discardOutput() {
    for (OutputBuffer output : outputs.values()) {
      output.discard();
    }
  }

  /** Adds input, to be sent after all earlier input. */
  void send(InputSource source) {
    if (isOpen(StreamKind.STDIN)) {
      input.add(source);
      boolean begun = false;
      try {
        source.begin(Objects.requireNonNull(interestChanged));
        begun = true;
      } finally {
        failureReported |= !begun; // the caller gets the error; nothing more comes from the source
      }
      closeIfAllSent();
    } else {
      source.close();
    }
  }

  /** Every step sends all input there is now, even one that moves no other bytes. */
  void sendInEveryStep() {
    eager = input.peekLast();
  }

  /** Whether there is input that every step sends. */
  boolean isSendingInEveryStep() {
    return eager != null && isOpen(StreamKind.STDIN);
  }

  /** Closes stdin as soon as everything was sent. */
  void closeAfterInput() {
    closeAfterInput = true;
    closeIfAllSent();
  }

  /** Asks for our end to be closed; unsent input and unread output are dropped. */
  void requestClose(StreamKind stream) {
    if (isOpen(stream)) {
      stepper.noteChange();
      cutOff.add(stream);
      set(stream, End.CLOSING); // the input is dropped when no step can be using it
      if (stream != StreamKind.STDIN) {
        OutputBuffer buffer = output(stream);
        buffer.consume(buffer.size());
      }
    }
  }

  /** Asks for our ends of all open pipes to be closed. What has come is kept. */
  void cutShort() {
    stepper.noteChange();
    for (StreamKind stream : StreamKind.values()) {
      if (isOpen(stream)) {
        cutShort.add(stream);
        set(stream, End.CLOSING);
      }
    }
  }

  private void closeIfAllSent() {
    InputSource source;
    while ((source = input.peek()) != null && source.isExhausted()) {
      input.remove();
      source.close();
      eager = source.equals(eager) ? null : eager;
    }
    if (closeAfterInput && input.isEmpty() && isOpen(StreamKind.STDIN)) {
      set(StreamKind.STDIN, End.CLOSING);
    }
  }

  /** Drops unsent input. Must not run while a step may be sending it. */
  void dropInput() {
    for (InputSource source : input) {
      source.close();
    }
    input.clear();
    eager = null;
  }

  /** A copy for people, with the threads that are in a call. */
  Situation situation(List<Situation.Call> calls) {
    List<Situation.Pipe> seen = new ArrayList<>();
    for (StreamKind stream : pipes.keySet()) {
      OutputBuffer output = outputs.get(stream);
      long unread = output == null ? 0 : output.size();
      long received = output == null ? 0 : output.came();
      seen.add(new Situation.Pipe(stream, endSeen(stream), received, unread));
    }
    long unsent = 0;
    boolean more = false;
    for (InputSource source : input) {
      unsent += source.unsent();
      more |= source.awaitsMore();
    }
    long now = System.nanoTime();
    return new Situation(
        status,
        stepper.isReleased(),
        seen,
        sent,
        unsent,
        more,
        closeAfterInput,
        calls,
        now - startedAt,
        now - movedAt);
  }

  private Situation.End endSeen(StreamKind stream) {
    if (isOpen(stream)) {
      return Situation.End.OPEN;
    }
    boolean ours = stream == StreamKind.STDIN ? !refused : isCutOff(stream) || isCutShort(stream);
    return ours ? Situation.End.CLOSED : Situation.End.ENDED;
  }

  // For the stepping thread.

  @Override
  public boolean wants(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      boolean sends = stream == StreamKind.STDIN && eager != null;
      if (!isOpen(stream) || !(stepper.isMoving() || sends)) {
        return false;
      }
      if (stream != StreamKind.STDIN) {
        OutputBuffer output = output(stream);
        return !output.isFull() && output.isAccessibleBy(Thread.currentThread());
      }
      closeIfAllSent(); // a pumped source may have come to its end without a byte
      if (!isOpen(stream)) {
        stepper.endStep(); // it was asked already what to close, and would wait
        return false;
      }
      InputSource source = input.peek();
      return source != null
          && source.isAccessibleBy(Thread.currentThread())
          && source.pending().byteSize() > 0;
    }
  }

  @Override
  public boolean closing(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      if (stream == StreamKind.STDIN) {
        closeIfAllSent();
      }
      return pipes.get(stream) == End.CLOSING;
    }
  }

  @Override
  public void closed(StreamKind stream) {
    end(stream);
  }

  private void end(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      set(stream, End.CLOSED);
      if (stream == StreamKind.STDIN) {
        dropInput();
      } else {
        endOutput(stream);
      }
      stepper.progressed();
    }
  }

  private void endOutput(StreamKind stream) {
    try {
      output(stream).ended();
    } catch (IOException e) {
      broken.putIfAbsent(stream, e);
    }
  }

  /** Drops unsent input, and closes what was opened for the outputs. Nothing uses them now. */
  void drop() {
    dropInput();
    for (OutputBuffer output : outputs.values()) {
      output.close();
    }
  }

  /** A consumer has taken its time. The child was not silent meanwhile. */
  void delivered() {
    movedAt = System.nanoTime();
  }

  private void closeIfEnough(StreamKind stream, OutputBuffer buffer) {
    outputFailed |= buffer.isOverLimit() || buffer.failure() != null;
    if (buffer.isEnough()) {
      cutShort.add(stream); // even if the end has come: consumers have not had what was before it
      if (isOpen(stream)) {
        set(stream, End.CLOSING);
      }
    }
  }

  /** Takes bytes that the consumers of an output are to get now; 0 if there are none. */
  int take(StreamKind stream, TappedOutput output, byte[] into) {
    try (var _ = stepper.lock.hold()) {
      int taken = output.take(into);
      try {
        output.endIfTaken();
      } catch (IOException e) {
        broken.putIfAbsent(stream, e);
      }
      closeIfEnough(stream, output(stream));
      return taken;
    }
  }

  @Override
  public MemorySegment pendingInput() {
    try (var _ = stepper.lock.hold()) {
      InputSource source = input.peek();
      return source == null ? InputSource.NOTHING : source.pending();
    }
  }

  @Override
  public void accepted(long bytes) {
    try (var _ = stepper.lock.hold()) {
      InputSource source = input.peek();
      if (source != null) {
        source.accepted(bytes);
        sent += bytes;
        closeIfAllSent();
      }
      movedAt = System.nanoTime();
      stepper.progressed();
    }
  }

  @Override
  public void inputRefused() {
    try (var _ = stepper.lock.hold()) {
      refused = true;
      end(StreamKind.STDIN);
    }
  }

  @Override
  public MemorySegment room(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return output(stream).room();
    }
  }

  @Override
  public void received(StreamKind stream, long bytes) {
    try (var _ = stepper.lock.hold()) {
      OutputBuffer buffer = output(stream);
      buffer.received(bytes);
      movedAt = System.nanoTime();
      if (!isOpen(stream) && !cutShort.contains(stream)) {
        buffer.consume(buffer.size()); // closed by another thread while this was read
      }
      closeIfEnough(stream, buffer);
      stepper.progressed();
    }
  }

  @Override
  public void endOfFile(StreamKind stream) {
    end(stream);
  }

  @Override
  public void failed(StreamKind stream, IOException error) {
    try (var _ = stepper.lock.hold()) {
      broken.put(stream, error);
      end(stream);
    }
  }

  @Override
  public void exited(Termination how) {
    try (var _ = stepper.lock.hold()) {
      status = how;
      stepper.progressed();
    }
  }
}
