package io.github.jpopen.stream;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.ReadDeadline;
import io.github.jpopen.conversation.StreamBytes;
import io.github.jpopen.input.WithdrawableStream;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.Window;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.text.UnreadBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's stdout or stderr as an ordinary input stream, over the bytes that the conversation
 * holds. It has no buffer of its own, so {@code communicate} gets all that was not read.
 * Thread-safe.
 */
public final class ChildReadStream extends InputStream implements UnreadBytes, WithdrawableStream {
  /** A read of at most so many bytes opens a window for the next ones. */
  private static final int SMALL = 1024;

  private final StreamBytes bytes;
  private final OutputBuffer buffer;
  private final StreamKind stream;
  private final UnqueuedLock reading = new UnqueuedLock();
  private volatile boolean closed;

  /**
   * The stream of a conversation whose stdout or stderr is a pipe.
   *
   * @param conversation to read from
   * @param stream which
   */
  public ChildReadStream(Conversation conversation, StreamKind stream) {
    this.bytes = new StreamBytes(conversation);
    this.stream = stream;
    this.buffer = bytes.output(stream);
  }

  @Override
  public int read() throws IOException {
    Window window = window();
    int taken = window == null ? -1 : window.take();
    return taken >= 0 ? taken : readOne();
  }

  private int readOne() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1, () -> true) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length > 0 && length <= SMALL) {
      Window window = window();
      if (window != null && window.take(into, offset, length)) {
        return length;
      }
    }
    return read(into, offset, length, () -> true);
  }

  /** What may be taken without a lock; every call that must not let that happen closes it. */
  private @Nullable Window window() {
    bytes.used();
    return closed ? null : buffer.window();
  }

  @Override
  public int takeCharacter() {
    Window window = window();
    return window == null ? -1 : window.takeCharacter();
  }

  @Override
  public boolean hasCharacter() {
    Window window = window();
    return window != null && window.hasCharacter();
  }

  @Override
  public @Nullable String takeLine() {
    Window window = window();
    return window == null ? null : window.takeLine();
  }

  @Override
  public void offerText(Charset charset) {
    bytes.openWindow(stream, charset);
  }

  @Override
  public int read(byte[] into, BooleanSupplier wanted) throws IOException {
    return read(into, 0, into.length, wanted);
  }

  private int read(byte[] into, int offset, int length, BooleanSupplier wanted) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      checkUsable();
      return 0;
    }
    beginReading();
    try {
      while (await(0) && wanted.getAsBoolean()) {
        int n = bytes.drain(stream, into, offset, length, wanted);
        if (n > 0) { // 0 if it was closed just now, or is not wanted
          if (length <= SMALL) {
            bytes.openWindow(stream, null);
          }
          return n;
        }
      }
      return -1;
    } finally {
      endReading();
    }
  }

  /** Consumes nothing before all of it has come, or the end: an interrupt or a limit loses none. */
  @Override
  public byte[] readNBytes(int length) throws IOException {
    if (length < 0) {
      throw new IllegalArgumentException("the length " + length + " is negative");
    }
    beginReading();
    try {
      byte[] all = new byte[awaitAll(length)];
      int drained = drain(all, 0, all.length);
      return drained == all.length ? all : Arrays.copyOf(all, drained); // closed meanwhile
    } finally {
      endReading();
    }
  }

  /** As {@link #readNBytes(int)}. */
  @Override
  public int readNBytes(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    beginReading();
    try {
      return drain(into, offset, awaitAll(length));
    } finally {
      endReading();
    }
  }

  /** As {@link #readNBytes(int)}. */
  @Override
  public byte[] readAllBytes() throws IOException {
    return readNBytes(Integer.MAX_VALUE);
  }

  /** How many of these bytes will come; waits until they are here. */
  private int awaitAll(int length) throws IOException {
    if (length == 0) {
      checkUsable();
      return 0;
    }
    return await(length - 1) ? length : Math.min(length, bytes.available(stream));
  }

  private int drain(byte[] into, int offset, int length) {
    return length == 0 ? 0 : bytes.drain(stream, into, offset, length, () -> true);
  }

  @Override
  public void beginReading() throws IOException {
    if (!reading.tryHold()) {
      try {
        ReadDeadline limit = bytes.readDeadline();
        if (!reading.holdUntil(limit.deadline())) {
          throw limit.passed();
        }
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  @Override
  public boolean tryReading() {
    return reading.tryHold();
  }

  @Override
  public void endReading() {
    reading.close();
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted: no bytes were consumed");
  }

  @Override
  public long position() {
    return bytes.position(stream);
  }

  @Override
  public boolean await(int moreThan) throws IOException {
    checkUsable();
    try {
      return bytes.awaitOutput(stream, moreThan);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public void poll(int moreThan) throws IOException {
    bytes.used();
    bytes.pollOutput(stream, moreThan);
    if (closed || (bytes.isCutOff(stream) && bytes.available(stream) == 0)) {
      throw UnreadBytes.closed();
    }
  }

  @Override
  public int peek(int from, byte[] into, int length) {
    return bytes.peek(stream, from, into, length);
  }

  @Override
  public void consume(int count, byte[] next) {
    bytes.consume(stream, count, next);
  }

  @Override
  public int available() throws IOException {
    int offered = window() == null ? 0 : bytes.available(stream);
    if (offered > 0) {
      return offered;
    }
    poll(0);
    return bytes.available(stream);
  }

  @Override
  public boolean atEnd() {
    return !bytes.isOpen(stream);
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  private void checkUsable() throws IOException {
    bytes.used();
    bytes.checkNotSealed();
    if (closed) {
      throw UnreadBytes.closed();
    }
  }

  /**
   * Closes our end. Unread bytes are dropped, and the child gets SIGPIPE if it goes on writing. A
   * read that is waiting, or comes later, throws {@link IOException} and does not return the end.
   * Does nothing once {@code communicate} was called.
   */
  @Override
  public void close() throws IOException {
    bytes.used();
    if (!closed && !bytes.isSealed()) {
      closed = true;
      bytes.close(stream);
    }
  }
}
