package io.github.jpopen.stream;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.StreamBytes;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.input.MemoryInput;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.text.StdinSink;
import io.github.jpopen.text.UnreadBytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's stdin as an ordinary buffered stream. {@code communicate} sends unflushed bytes
 * before its own input. Thread-safe.
 */
public final class ChildWriteStream extends OutputStream implements StdinSink {
  private static final int CAPACITY = 8192;
  private static final int PIECE = 64 * 1024;

  private final StreamBytes pipe;
  private final UnqueuedLock writing = new UnqueuedLock();

  /** The lock of the conversation: a thread never waits for a second one while it holds this. */
  private final UnqueuedLock state;

  // Guarded by state.
  private byte[] buffer = new byte[0];
  private int count;

  private volatile boolean closed;

  /**
   * Input that may be on its way. Perhaps no thread waits for it: after {@link #sendUnsent}, or
   * after a wait that an interrupt or a failure has ended.
   */
  private volatile @Nullable MemoryInput unfinished;

  /**
   * The stream of a conversation whose stdin is a pipe.
   *
   * @param conversation to send through
   */
  public ChildWriteStream(Conversation conversation) {
    this.pipe = new StreamBytes(conversation);
    this.state = pipe.lock();
    pipe.sendBeforeWaiting(this::sendUnsent);
  }

  @Override
  public void write(int b) throws IOException {
    if (!offer(b)) {
      write(new byte[] {(byte) b}, 0, 1);
    }
  }

  @Override
  public boolean offer(int b) throws IOException {
    try (var _ = state.hold()) {
      if (!hasRoom(1)) {
        return false;
      }
      buffer[count] = (byte) b;
      count++;
    }
    pipe.written();
    return true;
  }

  private boolean offer(byte[] bytes, int offset, int length) throws IOException {
    try (var _ = state.hold()) {
      if (!hasRoom(length)) {
        return false;
      }
      System.arraycopy(bytes, offset, buffer, count, length);
      count += length;
    }
    pipe.written();
    return true;
  }

  // Called with the state locked. A thread that is writing may be between two parts of one write.
  // One that begins to write later finds in the buffer what is offered now.
  private boolean hasRoom(int length) throws IOException {
    checkUsable();
    return length <= buffer.length - count && !writing.isHeldByOther();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (offer(bytes, offset, length)) {
      return;
    }
    try (var _ = beginWriting()) {
      checkUsable();
      if (length > CAPACITY - buffered()) {
        flush();
      }
      int done = 0;
      // Pieces are copied: even if this thread is interrupted, what was handed over is sent as it
      // was, in order.
      while (length - done > CAPACITY) {
        int n = Math.min(PIECE, length - done);
        awaitSent(sendWhole(Arrays.copyOfRange(bytes, offset + done, offset + done + n)), done + n);
        done += n;
      }
      keep(bytes, offset + done, length - done);
    }
  }

  @Override
  public void writeWhole(byte[] bytes) throws IOException {
    if (offer(bytes, 0, bytes.length)) {
      return;
    }
    try (var _ = writing.hold()) {
      checkUsable();
      if (bytes.length > CAPACITY - buffered()) {
        awaitSent(sendWhole(bytes), 0);
      } else {
        keep(bytes, 0, bytes.length);
      }
    } catch (InterruptedIOException e) {
      e.bytesTransferred = bytes.length;
      throw e;
    }
  }

  /** Waits for other threads that write: one of them may wait for the child for ever. */
  private UnqueuedLock beginWriting() throws InterruptedIOException {
    try {
      return writing.holdInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted: nothing was written"); // of 0 bytes
    }
  }

  /** How many bytes are in the buffer. Others only send them while this thread is writing. */
  private int buffered() {
    try (var _ = state.hold()) {
      return count;
    }
  }

  private MemoryInput sendWhole(byte[] bytes) {
    try (var _ = state.hold()) {
      pipe.checkNotSealed();
      return sendAfterBuffered(bytes);
    }
  }

  private void keep(byte[] bytes, int offset, int length) {
    try (var _ = state.hold()) {
      pipe.checkNotSealed();
      if (buffer.length == 0) {
        buffer = new byte[CAPACITY];
      }
      System.arraycopy(bytes, offset, buffer, count, length);
      count += length;
    }
    pipe.written();
  }

  @Override
  public void flush() throws IOException {
    try (var _ = beginWriting()) {
      checkUsable();
      sendAll();
    }
  }

  private void sendAll() throws IOException {
    MemoryInput last = sendBuffered(new byte[0]);
    if (last != null) {
      awaitSent(last, 0);
    }
  }

  /**
   * Hands over the buffered bytes and those that end them, unless communicate has taken them.
   * Returns the last input that is on its way, or null if all was sent.
   */
  private @Nullable MemoryInput sendBuffered(byte[] end) {
    try (var _ = state.hold()) {
      boolean nothing = count + end.length == 0 || pipe.isSealed();
      return nothing ? unfinished : sendAfterBuffered(end);
    }
  }

  private MemoryInput sendAfterBuffered(byte[] bytes) {
    if (count > 0 && bytes.length > PIECE) { // too much to be copied
      sendBuffer(new byte[0], false);
    }
    return count == 0 ? send(bytes, false) : sendBuffer(bytes, false);
  }

  /** If memory runs out, the bytes stay in the buffer. */
  private MemoryInput sendBuffer(byte[] more, boolean always) {
    byte[] all = Arrays.copyOf(buffer, count + more.length);
    System.arraycopy(more, 0, all, count, more.length);
    MemoryInput source = send(all, always);
    count = 0;
    return source;
  }

  // Called with the state locked. Communicate seals first and then takes what is unsent (see
  // Conversation.begin), so it comes before all of this or after it.
  private MemoryInput send(byte[] bytes, boolean always) {
    MemoryInput source = MemoryInput.of(bytes);
    pipe.send(source, always);
    return source;
  }

  private void awaitSent(MemoryInput source, int taken) throws IOException {
    unfinished = source;
    try {
      awaitUnfinished(source);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted: the bytes written so far will be sent first");
      interrupted.bytesTransferred = taken;
      throw interrupted;
    }
  }

  /** However the wait ends, flush and close go on with what is still on its way. */
  private void awaitUnfinished(MemoryInput source) throws IOException, InterruptedException {
    try {
      pipe.awaitSent(source);
    } finally {
      if (source.equals(unfinished) && !pipe.isPending(source)) {
        unfinished = null;
      }
    }
  }

  private void checkUsable() throws IOException {
    pipe.used();
    pipe.checkNotSealed();
    if (closed || !pipe.isStdinOpen()) {
      pipe.checkNotSealed(); // communicate may just have closed it
      throw closed || pipe.isCutOff(StreamKind.STDIN)
          ? UnreadBytes.closed()
          : StreamBytes.brokenPipe();
    }
  }

  /**
   * Flushes and closes the child's stdin, so that it sees the end of file. Does nothing once {@code
   * communicate} was called.
   *
   * @throws IOException if the child no longer reads and something was not flushed; the stream is
   *     closed anyway
   * @throws InterruptedIOException if this thread is interrupted; the stream is closed, and the
   *     next call that moves bytes sends the rest and closes the child's stdin. Closing again waits
   *     for that
   */
  @Override
  public void close() throws IOException {
    pipe.used();
    try (var _ = writing.hold()) {
      boolean open = pipe.isOpen(StreamKind.STDIN);
      if (pipe.isSealed() || (closed && (unfinished == null || !open))) {
        return;
      }
      boolean interrupted = false;
      try {
        sendAll();
      } catch (InterruptedIOException e) {
        interrupted = true;
        throw e;
      } finally {
        closed = true;
        if (interrupted) {
          pipe.closeAfterInput();
        } else {
          pipe.close(StreamKind.STDIN);
        }
      }
    }
  }

  /**
   * Flushes and closes the child's stdin for good. Does not wait for another thread that is
   * writing: its write fails. Does not wait on an interrupted thread either: bytes that the pipe
   * does not take at once are dropped.
   *
   * @param end gives the bytes before the end of file; called once, unless stdin is closed already
   * @throws IOException if something was not sent, or if {@code end} throws {@link
   *     IllegalArgumentException}; the stream is closed anyway
   */
  public void closeAtOnce(Supplier<byte[]> end) throws IOException {
    boolean quiet = writing.tryHold();
    try {
      if (quiet) {
        sendTheEnd(end);
      }
    } finally {
      try {
        closed = true;
        pipe.close(StreamKind.STDIN);
      } finally {
        if (quiet) {
          writing.close();
        }
      }
    }
  }

  private void sendTheEnd(Supplier<byte[]> end) throws IOException {
    boolean open = pipe.isOpen(StreamKind.STDIN);
    if (pipe.isSealed() || (closed && !open)) {
      return;
    }
    byte[] last = new byte[0];
    IOException cut = null;
    try {
      if (open && !closed) {
        last = end.get();
      }
    } catch (IllegalArgumentException e) {
      cut = new IOException(e.getMessage(), e);
    }
    try {
      sendLast(last);
    } catch (IOException e) {
      if (cut != null) {
        e.addSuppressed(cut);
      }
      throw e;
    }
    if (cut != null) {
      throw cut;
    }
  }

  private void sendLast(byte[] end) throws IOException {
    MemoryInput last = sendBuffered(end);
    if (last == null) {
      return;
    }
    try {
      pipe.awaitSent(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!pipe.sendNow(last)) {
        throw new InterruptedIOException(
            "interrupted: bytes that the child's stdin did not accept at once were discarded");
      }
    }
  }

  /**
   * Takes the bytes that were written and not flushed, for {@code communicate}. It has sealed the
   * conversation, so no more can come.
   *
   * @return null if there is nothing
   */
  public @Nullable InputSource unsent() {
    try (var _ = state.hold()) {
      MemoryInput unsent = count == 0 ? null : MemoryInput.of(Arrays.copyOf(buffer, count));
      count = 0;
      return unsent;
    }
  }

  // Before a thread waits, or when a thread that waits already was woken for it.
  private void sendUnsent() {
    try (var _ = state.hold()) {
      if (count > 0 && !pipe.isSealed()) {
        unfinished = sendBuffer(new byte[0], true);
      }
    }
  }

  /**
   * Whether {@link #close} was called.
   *
   * @return true if so
   */
  public boolean isClosed() {
    return closed;
  }
}
