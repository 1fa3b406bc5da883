package io.github.jpopen.conversation;

import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's stdin as an ordinary buffered stream. What was written and not flushed goes in front
 * of what {@code communicate} sends. Thread-safe.
 */
public final class StdinStream extends OutputStream implements ByteSink {
  private static final int CAPACITY = 8192;
  private static final int PIECE = 64 * 1024;

  private final Conversation conversation;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock state = new ReentrantLock();

  // Guarded by state. Looked at without it by who writes, whose count only communicate makes less.
  private byte[] buffer = new byte[0];
  private int count;

  private volatile boolean closed;

  /** What was being sent when an interrupt came; it may still be on its way. */
  private @Nullable MemoryInput unfinished;

  /**
   * The stream of a conversation whose stdin is a pipe.
   *
   * @param conversation to send through
   */
  public StdinStream(Conversation conversation) {
    this.conversation = conversation;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    writing.lock();
    try {
      checkUsable();
      if (length > CAPACITY - count) {
        flush();
      }
      int done = 0;
      // Pieces are copied: what was handed over stays in order and complete whatever interrupts
      // this thread.
      while (length - done > CAPACITY) {
        int n = Math.min(PIECE, length - done);
        awaitSent(handWhole(Arrays.copyOfRange(bytes, offset + done, offset + done + n)), done + n);
        done += n;
      }
      keep(bytes, offset + done, length - done);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void take(byte[] bytes, boolean flush) throws IOException {
    writing.lock();
    try {
      checkUsable();
      if (bytes.length > CAPACITY - count) {
        awaitSent(handWhole(bytes), 0);
      } else {
        keep(bytes, 0, bytes.length);
        if (flush) {
          sendAll();
        }
      }
    } catch (InterruptedIOException e) {
      e.bytesTransferred = bytes.length;
      throw e;
    } finally {
      writing.unlock();
    }
  }

  private MemoryInput handWhole(byte[] bytes) {
    state.lock();
    try {
      conversation.checkNotSealed();
      return handBehindBuffered(bytes);
    } finally {
      state.unlock();
    }
  }

  private void keep(byte[] bytes, int offset, int length) {
    state.lock();
    try {
      conversation.checkNotSealed();
      if (buffer.length == 0) {
        buffer = new byte[CAPACITY];
      }
      System.arraycopy(bytes, offset, buffer, count, length);
      count += length;
    } finally {
      state.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    writing.lock();
    try {
      checkUsable();
      sendAll();
    } finally {
      writing.unlock();
    }
  }

  private void sendAll() throws IOException {
    MemoryInput last = handAll(new byte[0]);
    if (last != null) {
      awaitSent(last, 0);
    }
  }

  /**
   * Hands over what is buffered and what ends it, unless communicate has taken that, and returns
   * what is sent last; null if all was sent.
   */
  private @Nullable MemoryInput handAll(byte[] end) {
    state.lock();
    try {
      boolean nothing = count + end.length == 0 || conversation.isSealed();
      return nothing ? unfinished : handBehindBuffered(end);
    } finally {
      state.unlock();
    }
  }

  private MemoryInput handBehindBuffered(byte[] bytes) {
    if (count > 0 && bytes.length > PIECE) { // too much to be copied
      hand(takeUnsent());
    }
    if (count == 0) {
      return hand(bytes);
    }
    byte[] all = Arrays.copyOf(buffer, count + bytes.length);
    System.arraycopy(bytes, 0, all, count, bytes.length);
    count = 0;
    return hand(all);
  }

  private byte[] takeUnsent() {
    byte[] unsent = Arrays.copyOf(buffer, count);
    count = 0;
    return unsent;
  }

  // With the state locked, so that communicate, which seals and then asks for what was not sent,
  // comes before all of this or after it.
  private MemoryInput hand(byte[] bytes) {
    MemoryInput source = new MemoryInput(MemorySegment.ofArray(bytes));
    conversation.send(source);
    return source;
  }

  private void awaitSent(MemoryInput source, int taken) throws IOException {
    unfinished = null;
    try {
      conversation.awaitSent(source);
    } catch (InterruptedException e) {
      unfinished = source;
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted: the bytes written so far will be sent first");
      interrupted.bytesTransferred = taken;
      throw interrupted;
    }
  }

  private void checkUsable() throws IOException {
    conversation.lastTimeout().streamUsed();
    conversation.checkNotSealed();
    if (closed || !conversation.isOpen(StreamKind.STDIN)) {
      conversation.checkNotSealed(); // it may just have been communicate that closed it
      throw new IOException(
          closed || conversation.isCutOff(StreamKind.STDIN)
              ? "stdin is closed"
              : "broken pipe: the child's stdin has no reader");
    }
  }

  /**
   * Flushes and closes the child's stdin, so that it sees the end of file. Does nothing once {@code
   * communicate} was called.
   *
   * @throws IOException if nobody reads any more what was not flushed; the stream is closed all the
   *     same. After an interrupt too, but then the child's stdin is closed by whoever moves bytes
   *     next, once what was written has been sent; closing again waits for that
   */
  @Override
  public void close() throws IOException {
    conversation.lastTimeout().streamUsed();
    writing.lock();
    try {
      boolean open = conversation.isOpen(StreamKind.STDIN);
      if (conversation.isSealed() || (closed && (unfinished == null || !open))) {
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
          conversation.closeAfterInput();
        } else {
          conversation.close(StreamKind.STDIN);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Flushes and closes the child's stdin for good. Does not wait for another thread that is
   * writing, whose write fails; nor on a thread that is interrupted, where what the pipe does not
   * take at once is dropped.
   *
   * @param end what goes in front of the end of file; asked once, unless stdin is closed already
   * @throws IOException if something was not sent, or if {@code end} throws {@link
   *     IllegalArgumentException}; the stream is closed all the same
   */
  public void closeAtOnce(Supplier<byte[]> end) throws IOException {
    boolean quiet = writing.tryLock();
    try {
      if (quiet) {
        sendTheEnd(end);
      }
    } finally {
      try {
        closed = true;
        conversation.close(StreamKind.STDIN);
      } finally {
        if (quiet) {
          writing.unlock();
        }
      }
    }
  }

  private void sendTheEnd(Supplier<byte[]> end) throws IOException {
    boolean open = conversation.isOpen(StreamKind.STDIN);
    if (conversation.isSealed() || (closed && !open)) {
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
    MemoryInput last = handAll(end);
    if (last == null) {
      return;
    }
    try {
      conversation.awaitSent(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!conversation.sendNow(last)) {
        throw new InterruptedIOException(
            "interrupted: bytes that the child's stdin did not accept at once were discarded");
      }
    }
  }

  /**
   * Takes what was written and not flushed, for {@code communicate}, which has sealed the
   * conversation: nothing is accepted any more.
   *
   * @return null if there is nothing
   */
  public @Nullable InputSource unsent() {
    state.lock();
    try {
      byte[] unsent = takeUnsent();
      return unsent.length == 0 ? null : new MemoryInput(MemorySegment.ofArray(unsent));
    } finally {
      state.unlock();
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
