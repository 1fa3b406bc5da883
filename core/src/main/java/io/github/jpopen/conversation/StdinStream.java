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
        send(Arrays.copyOfRange(bytes, offset + done, offset + done + n), done + n);
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
        awaitSent(handAll(bytes), 0);
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

  private MemoryInput handAll(byte[] bytes) {
    state.lock();
    try {
      conversation.checkNotSealed();
      if (count > 0) {
        hand(takeUnsent());
      }
      return hand(bytes);
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
    MemoryInput before = unfinished;
    if (before != null) {
      awaitSent(before, 0);
    }
    MemoryInput source;
    state.lock();
    try {
      if (count == 0) {
        return;
      }
      conversation.checkNotSealed();
      source = hand(takeUnsent());
    } finally {
      state.unlock();
    }
    awaitSent(source, 0);
  }

  private void send(byte[] bytes, int taken) throws IOException {
    MemoryInput source;
    state.lock();
    try {
      conversation.checkNotSealed();
      source = hand(bytes);
    } finally {
      state.unlock();
    }
    awaitSent(source, taken);
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
          new InterruptedIOException("interrupted; what was written will be sent first");
      interrupted.bytesTransferred = taken;
      throw interrupted;
    }
  }

  private byte[] takeUnsent() {
    byte[] unsent = Arrays.copyOf(buffer, count);
    count = 0;
    return unsent;
  }

  private void checkUsable() throws IOException {
    conversation.lastTimeout().streamUsed();
    conversation.checkNotSealed();
    if (closed || !conversation.isOpen(StreamKind.STDIN)) {
      conversation.checkNotSealed(); // it may just have been communicate that closed it
      throw new IOException(
          closed ? "stream closed" : "broken pipe: nobody reads the child's stdin any more");
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
    closeLocked();
  }

  /**
   * As {@link #close}, but if another thread is writing it does not wait for it: that thread's
   * write fails.
   *
   * @param end what goes in front of the end of file; asked once, unless stdin is closed already
   * @throws IOException as {@link #close}, and if {@code end} throws {@link
   *     IllegalArgumentException}
   */
  public void closeAtOnce(Supplier<byte[]> end) throws IOException {
    if (writing.tryLock()) {
      try {
        writeLast(end);
      } finally {
        closeLocked();
      }
    } else {
      closed = true;
      conversation.close(StreamKind.STDIN);
    }
  }

  private void writeLast(Supplier<byte[]> end) throws IOException {
    if (!closed && !conversation.isSealed() && conversation.isOpen(StreamKind.STDIN)) {
      byte[] last;
      try {
        last = end.get();
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
      if (last.length > 0) {
        take(last, false);
      }
    }
  }

  private void closeLocked() throws IOException {
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
