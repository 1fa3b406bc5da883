package io.github.jpopen.conversation;

import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The child's stdout or stderr as an ordinary stream over the bytes that the conversation holds.
 * Reads ahead into the conversation only, so nothing is lost for {@code communicate}. Thread-safe.
 */
public final class ChildOutputStream extends InputStream implements ByteSource {
  private final Conversation conversation;
  private final StreamKind stream;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile boolean closed;

  /**
   * The stream of a conversation whose stdout or stderr is a pipe.
   *
   * @param conversation to read from
   * @param stream which
   */
  public ChildOutputStream(Conversation conversation, StreamKind stream) {
    this.conversation = conversation;
    this.stream = stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      checkUsable();
      return 0;
    }
    beginReading();
    try {
      while (await(0)) {
        int n = conversation.take(stream, into, offset, length);
        if (n > 0) { // else it was closed just now
          return n;
        }
      }
      return -1;
    } finally {
      endReading();
    }
  }

  @Override
  public void beginReading() throws IOException {
    if (!reading.tryLock()) {
      try {
        reading.lockInterruptibly();
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  @Override
  public boolean tryReading() {
    return reading.tryLock();
  }

  @Override
  public void endReading() {
    reading.unlock();
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted: no bytes were consumed");
  }

  @Override
  public long position() {
    return conversation.position(stream);
  }

  @Override
  public boolean await(int moreThan) throws IOException {
    checkUsable();
    try {
      return conversation.awaitOutput(stream, moreThan);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public void look(int moreThan) throws IOException {
    conversation.lastTimeout().streamUsed();
    conversation.lookForOutput(stream, moreThan);
  }

  @Override
  public int peek(int from, byte[] into, int length) {
    return conversation.peek(stream, from, into, length);
  }

  @Override
  public void consume(int bytes, byte[] next) {
    conversation.consume(stream, bytes, next);
  }

  @Override
  public int available() throws IOException {
    look(0);
    return closed ? 0 : conversation.available(stream);
  }

  @Override
  public boolean atEnd() {
    return conversation.hasEnded(stream);
  }

  private void checkUsable() throws IOException {
    conversation.lastTimeout().streamUsed();
    conversation.checkNotSealed();
    if (closed) {
      throw new IOException(stream.name().toLowerCase(Locale.ROOT) + " is closed");
    }
  }

  /**
   * Closes our end; what was not read is dropped, and the child gets SIGPIPE if it writes on. A
   * read that waits for more, or comes later, is an {@link IOException} and not the end. Does
   * nothing once {@code communicate} was called.
   */
  @Override
  public void close() throws IOException {
    conversation.lastTimeout().streamUsed();
    if (!closed && !conversation.isSealed()) {
      closed = true;
      conversation.close(stream);
    }
  }
}
