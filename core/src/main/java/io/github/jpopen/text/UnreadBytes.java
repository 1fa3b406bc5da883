package io.github.jpopen.text;

import java.io.IOException;

/**
 * The bytes of one output of a child that nobody has consumed yet. Their one owner is the
 * conversation; readers look at them here and consume only what they hand out.
 */
public interface UnreadBytes {

  /**
   * Waits until no other thread looks at the bytes and takes them, whether it reads text or bytes.
   *
   * @throws IOException as {@link java.io.InterruptedIOException}
   */
  void beginReading() throws IOException;

  /**
   * As {@link #beginReading}, but does not wait.
   *
   * @return false if another thread is reading
   */
  boolean tryReading();

  /** Lets other threads read. */
  void endReading();

  /**
   * How many bytes were taken or dropped since the beginning, by whomever.
   *
   * @return of the first unconsumed byte
   */
  long position();

  /**
   * Waits for more bytes.
   *
   * @param moreThan how many unconsumed bytes are not enough
   * @return true once more than that are there, false if the output ended first
   * @throws IOException if reading fails, or as {@link java.io.InterruptedIOException}
   */
  boolean await(int moreThan) throws IOException;

  /**
   * Looks once for more bytes; does not wait, and leaves an interrupt pending.
   *
   * @param moreThan how many unconsumed bytes make a look needless
   * @throws IOException if the system refuses
   */
  void poll(int moreThan) throws IOException;

  /**
   * Copies bytes without consuming them; does not wait.
   *
   * @param from how many unconsumed bytes to leave out
   * @param into filled from index 0
   * @param length how many at most
   * @return how many were copied; 0 if there are not more than {@code from}
   */
  int peek(int from, byte[] into, int length);

  /**
   * Takes bytes from the front.
   *
   * @param bytes how many, at most {@link #available}
   * @param next dropped as well, for everybody, if it comes next, however late; may be empty
   */
  void consume(int bytes, byte[] next);

  /**
   * How many unconsumed bytes are there, after a look if there are none.
   *
   * @return without waiting
   * @throws IOException if the system refuses
   */
  int available() throws IOException;

  /**
   * Closes this output for good.
   *
   * @throws IOException if the system refuses
   */
  void close() throws IOException;

  /**
   * Whether the output has ended, so that no more bytes will come.
   *
   * @return true also if unconsumed bytes are left
   */
  boolean atEnd();

  /**
   * What a call fails with after the stream was closed here.
   *
   * @return a new exception
   */
  static IOException closed() {
    return new IOException("stream closed");
  }
}
