package io.github.jpopen.text;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one output of a child that were not consumed yet. A reader peeks at them, and
 * consumes only what it hands out.
 */
public interface UnreadBytes {

  /**
   * Waits until no other thread reads, be it text or bytes.
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
   * The place of the first unconsumed byte in the whole output.
   *
   * @return how many bytes were consumed or dropped since the beginning
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
   * Gets the bytes that have come, without waiting. An interrupt stays pending.
   *
   * @param moreThan does nothing if more unconsumed bytes than this are there
   * @throws IOException if the system refuses, or if our end was closed first
   */
  void poll(int moreThan) throws IOException;

  /**
   * Copies bytes without consuming them; does not wait.
   *
   * @param from how many unconsumed bytes to skip
   * @param into filled from index 0
   * @param length how many at most
   * @return how many were copied; 0 if there are not more than {@code from}
   */
  int peek(int from, byte[] into, int length);

  /**
   * Lets {@link #takeCharacter} and {@link #takeLine} take what has come, until the next call of
   * any other method. Call between {@link #beginReading} and {@link #endReading}, while no
   * character of the unconsumed bytes is decoded. Does nothing if there is no memory for it.
   *
   * @param charset UTF-8, ISO-8859-1 or US-ASCII
   */
  default void offerText(Charset charset) {}

  /**
   * Takes one character, without waiting for other threads that read.
   *
   * @return a UTF-16 unit, {@code '\n'} for {@code "\r\n"} and {@code "\r"} as well. -1 if none was
   *     offered, or if the next one is malformed, incomplete or has two units
   */
  default int takeCharacter() {
    return -1;
  }

  /**
   * Whether {@link #takeCharacter} would take one.
   *
   * @return false if none was offered
   */
  default boolean hasCharacter() {
    return false;
  }

  /**
   * Takes one line, without waiting for other threads that read.
   *
   * @return the line without its end; null if no whole and well-formed one was offered
   */
  default @Nullable String takeLine() {
    return null;
  }

  /**
   * Consumes bytes from the front.
   *
   * @param bytes how many, at most {@link #available}
   * @param next discarded as well, for all readers, if it comes next, however late; may be empty
   */
  void consume(int bytes, byte[] next);

  /**
   * How many unconsumed bytes are there; if there are none, after {@link #poll}.
   *
   * @return without waiting
   * @throws IOException if the system refuses
   */
  int available() throws IOException;

  /**
   * Whether this output was closed here: then nothing of it is handed out.
   *
   * @return without waiting
   */
  boolean isClosed();

  /**
   * Closes this output for good.
   *
   * @throws IOException if the system refuses
   */
  void close() throws IOException;

  /**
   * Whether the output has ended, so that no more bytes will come.
   *
   * @return true even if unconsumed bytes are left
   */
  boolean atEnd();

  /**
   * What a call fails with after the stream was closed here.
   *
   * @return a new exception
   */
  static IOException closed() {
    return new IOException("this stream is closed");
  }
}
