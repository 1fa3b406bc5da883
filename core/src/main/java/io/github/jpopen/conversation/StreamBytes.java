package io.github.jpopen.conversation;

import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.text.UnreadBytes;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a child as its streams see them: they send and consume until communicate seals them.
 * Used by the streams of {@code io.github.jpopen.stream} only.
 */
public final class StreamBytes {
  private final Conversation conversation;
  private final ChildState state;
  private final Stepper stepper;

  /**
   * Those of one child.
   *
   * @param conversation with the child
   */
  public StreamBytes(Conversation conversation) {
    this.conversation = conversation;
    this.state = conversation.state();
    this.stepper = state.stepper;
  }

  /**
   * The lock of the conversation.
   *
   * @return held for moments only
   */
  public UnqueuedLock lock() {
    return stepper.lock;
  }

  /** A stream is about to be used. */
  public void used() {
    conversation.closeRule().streamUsed();
  }

  /**
   * Whether communicate was called.
   *
   * @return true if so: the streams may not be used any longer
   */
  public boolean isSealed() {
    return conversation.isSealed();
  }

  /**
   * Throws if communicate was called.
   *
   * @throws IllegalStateException if so
   */
  public void checkNotSealed() {
    conversation.checkNotSealed();
  }

  /**
   * Whether a pipe is open at both ends.
   *
   * @param stream which
   * @return false once the end was seen, or our end was closed
   */
  public boolean isOpen(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return state.isOpen(stream);
    }
  }

  /**
   * Whether our end was closed before the other was.
   *
   * @param stream which
   * @return true if so
   */
  public boolean isCutOff(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return state.isCutOff(stream);
    }
  }

  /**
   * Closes our end.
   *
   * @param stream which
   * @throws IOException if the system reports an error
   */
  public void close(StreamKind stream) throws IOException {
    conversation.close(stream);
  }

  // Stdin.

  /**
   * Whether stdin is open. Needs no lock.
   *
   * @return as {@link #isOpen}
   */
  public boolean isStdinOpen() {
    return state.isStdinOpen();
  }

  /**
   * Adds bytes, to be sent after all earlier ones, even if sealed. Does not wait.
   *
   * @param source of the bytes
   * @param always whether every step sends them, even that of a thread that waits for the exit only
   */
  public void send(InputSource source, boolean always) {
    try (var _ = stepper.lock.hold()) {
      state.send(source);
      if (always) {
        state.sendInEveryStep();
        stepper.wakeOther();
      }
    }
  }

  /** There is more to be sent: the thread that steps, if there is one, asks for it. */
  public void written() {
    stepper.written();
  }

  /** Closes stdin as soon as everything was sent. Does not wait. */
  public void closeAfterInput() {
    try (var _ = stepper.lock.hold()) {
      state.closeAfterInput();
    }
    stepper.interestChanged();
  }

  /**
   * Waits until the child's pipe has taken what {@link #send} was given. After an interrupt, the
   * next call that moves bytes goes on.
   *
   * @param source of the bytes
   * @throws IOException if not all of them were taken
   * @throws InterruptedException if this thread was interrupted
   */
  public void awaitSent(InputSource source) throws IOException, InterruptedException {
    boolean _ = until(() -> !isOnItsWay(source), Deadline.never());
    checkSent(source);
  }

  /** A consumer of an output may throw while another stream is used. */
  private boolean until(BooleanSupplier done, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      return conversation.until(done, deadline, Role.MOVER);
    } catch (OutputFailedException e) {
      String name = e.stream().label();
      throw new IOException("a consumer of " + name + " failed", e.failure());
    }
  }

  /**
   * As {@link #awaitSent}, without waiting.
   *
   * @param source of the bytes
   * @return false if something is left
   * @throws IOException if the rest cannot be sent any longer
   */
  public boolean sendNow(InputSource source) throws IOException {
    stepper.poll(() -> !isOnItsWay(source), Role.MOVER);
    try (var _ = stepper.lock.hold()) {
      if (isOnItsWay(source)) {
        return false;
      }
    }
    checkSent(source);
    return true;
  }

  /**
   * Whether a part of this input may still be sent.
   *
   * @param source of the bytes
   * @return false if all of it was sent, or stdin was closed
   */
  public boolean isPending(InputSource source) {
    try (var _ = stepper.lock.hold()) {
      return isOnItsWay(source);
    }
  }

  private boolean isOnItsWay(InputSource source) {
    return state.isSending(source) && state.isOpen(StreamKind.STDIN);
  }

  private void checkSent(InputSource source) throws IOException {
    try (var _ = stepper.lock.hold()) {
      if (!source.isExhausted()) {
        throwIfBroken(StreamKind.STDIN);
        throw state.isInputRefused() ? brokenPipe() : UnreadBytes.closed();
      }
    }
  }

  /**
   * Sends what a stream has buffered before a thread waits for the child.
   *
   * @param written hands over what was buffered
   */
  public void sendBeforeWaiting(Runnable written) {
    conversation.sendBeforeWaiting(written);
  }

  /**
   * What a write fails with after the child has closed its end.
   *
   * @return the exception to throw
   */
  public static IOException brokenPipe() {
    return new IOException("broken pipe: the child's stdin has no reader");
  }

  // Stdout and stderr.

  /**
   * Waits until more than that many unconsumed bytes are there.
   *
   * @param stream which
   * @param moreThan how many are not enough
   * @return false if the end came first
   * @throws IOException if the stream broke or was closed, or the time limit has passed
   * @throws InterruptedException if this thread was interrupted
   */
  public boolean awaitOutput(StreamKind stream, int moreThan)
      throws IOException, InterruptedException {
    OutputBuffer buffer = state.output(stream);
    ReadDeadline limit = readDeadline();
    boolean open = true;
    boolean more = false;
    while (open && !more) { // half a line feed may be dropped as soon as its other half comes
      boolean inTime =
          until(
              () -> {
                checkReadable(stream);
                return buffer.size() > moreThan || !state.isOpen(stream);
              },
              limit.deadline());
      try (var _ = stepper.lock.hold()) {
        open = state.isOpen(stream);
        more = buffer.size() > moreThan;
        if (!inTime && open && !more) {
          throw limit.passed();
        }
        if (more) {
          long seen = buffer.position();
          limit.check(stream, seen + buffer.size(), seen + moreThan);
        }
        if (!open) { // what broke is closed as well
          throwIfBroken(stream);
        }
      }
    }
    if (!more && isCutOff(stream)) {
      throw UnreadBytes.closed();
    }
    return more;
  }

  /**
   * The time limit of this thread for the streams of this child.
   *
   * @return the earliest
   */
  public ReadDeadline readDeadline() {
    return ReadDeadline.current(conversation);
  }

  /**
   * Moves bytes once, without waiting, unless more than that many unconsumed ones are there.
   *
   * @param stream which
   * @param moreThan how many are not enough
   * @throws IOException if moving bytes failed
   */
  public void pollOutput(StreamKind stream, int moreThan) throws IOException {
    OutputBuffer buffer = state.output(stream);
    if (!isReadable(stream, moreThan)) {
      conversation.sendUnsent();
      conversation.deliverNow();
    }
    stepper.poll(
        () -> {
          checkReadable(stream);
          return stepper.isReleased() || buffer.size() > moreThan || !state.isOpen(stream);
        },
        Role.MOVER);
  }

  private boolean isReadable(StreamKind stream, int moreThan) {
    try (var _ = stepper.lock.hold()) {
      return state.output(stream).size() > moreThan || !state.isOpen(stream);
    }
  }

  private void checkReadable(StreamKind stream) {
    checkNotSealed();
    state.checkOutput(Thread.currentThread(), stream);
  }

  private void throwIfBroken(StreamKind stream) throws IOException {
    @Nullable IOException e = state.takeBroken(stream);
    if (e != null) {
      throw e;
    }
  }

  /**
   * Where the bytes of an output are kept.
   *
   * @param stream which
   * @return guarded by {@link #lock}, except for its window
   */
  public OutputBuffer output(StreamKind stream) {
    return state.output(stream);
  }

  /**
   * How many unconsumed bytes there are.
   *
   * @param stream which
   * @return at most {@link Integer#MAX_VALUE}
   */
  public int available(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return (int) Math.min(Integer.MAX_VALUE, state.output(stream).sizeNow());
    }
  }

  /**
   * How many bytes were consumed.
   *
   * @param stream which
   * @return since the start
   */
  public long position(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return state.output(stream).position();
    }
  }

  /**
   * Lets the bytes that have come be taken without the lock, and as text if a charset is given.
   *
   * @param stream which
   * @param text the charset, or null
   */
  public void openWindow(StreamKind stream, @Nullable Charset text) {
    try (var _ = stepper.lock.hold()) {
      if (!isSealed()) {
        state.output(stream).openWindow(text);
      }
    }
  }

  /**
   * Copies unconsumed bytes.
   *
   * @param stream which
   * @param from how many to skip
   * @param into gets the bytes, from index 0
   * @param length how many at most
   * @return how many were copied
   */
  public int peek(StreamKind stream, int from, byte[] into, int length) {
    try (var _ = stepper.lock.hold()) {
      return state.output(stream).peek(from, into, 0, length);
    }
  }

  /**
   * Copies bytes from the front, and consumes them, if they are wanted in that moment.
   *
   * @param stream which
   * @param into gets the bytes
   * @param offset of the first in the array
   * @param length how many at most
   * @param wanted asked once, with the lock held
   * @return how many were consumed
   */
  public int drain(StreamKind stream, byte[] into, int offset, int length, BooleanSupplier wanted) {
    try (var _ = stepper.lock.hold()) {
      checkNotSealed();
      if (!wanted.getAsBoolean()) {
        return 0;
      }
      OutputBuffer buffer = state.output(stream);
      int n = buffer.peek(0, into, offset, length);
      if (n > 0) {
        buffer.consume(n);
      }
      return n;
    }
  }

  /**
   * Consumes bytes that were peeked at.
   *
   * @param stream which
   * @param bytes how many
   * @param next dropped as well if it follows them, however late it comes
   */
  public void consume(StreamKind stream, int bytes, byte[] next) {
    try (var _ = stepper.lock.hold()) {
      checkNotSealed(); // what was peeked at before belongs to communicate now
      OutputBuffer buffer = state.output(stream);
      buffer.consume(Math.min(bytes, buffer.size()), next); // close may have dropped them
    }
  }
}
