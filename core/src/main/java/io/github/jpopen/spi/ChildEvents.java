package io.github.jpopen.spi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * What core wants of one child, and what happened to it. One object per child, for its life.
 *
 * <p>Every method is called on the stepping thread, during {@link ChildProcess#step}, and returns
 * at once.
 */
public interface ChildEvents {

  /**
   * Whether core wants bytes moved on this stream now. Interest only: no memory is set aside.
   *
   * @param stream one of the streams that are pipes
   * @return true if there is input to send, or output is to be read
   */
  boolean wants(StreamKind stream);

  /**
   * Whether core wants our end of this pipe closed. The stepper closes it and reports {@link
   * #closed}.
   *
   * @param stream one of the streams that are pipes
   * @return true if the end is to be closed
   */
  boolean closing(StreamKind stream);

  /**
   * Our end of the pipe was closed because {@link #closing} asked for it.
   *
   * @param stream the stream
   */
  void closed(StreamKind stream);

  /**
   * The input that is to be sent next. The same bytes until {@link #accepted} or {@link
   * #inputRefused}.
   *
   * @return a heap or native segment; not empty while {@code wants(STDIN)}
   */
  MemorySegment pendingInput();

  /**
   * The child's pipe took the first bytes of {@link #pendingInput}.
   *
   * @param bytes how many, at least 1
   */
  void accepted(long bytes);

  /**
   * The input has no reader left (EPIPE, ERROR_NO_DATA). Not an error. The platform closes our end.
   */
  void inputRefused();

  /**
   * Where to put the next output of this stream. Asked for only right before a read.
   *
   * @param stream {@code STDOUT} or {@code STDERR}
   * @return a writable heap or native segment of at least one byte
   */
  MemorySegment room(StreamKind stream);

  /**
   * The first bytes of {@link #room} were filled.
   *
   * @param stream the stream
   * @param bytes how many, at least 1
   */
  void received(StreamKind stream, long bytes);

  /**
   * All writers of this pipe are gone. The platform closes our end.
   *
   * @param stream {@code STDOUT} or {@code STDERR}
   */
  void endOfFile(StreamKind stream);

  /**
   * This stream broke; the others go on. The platform closes our end.
   *
   * @param stream the stream
   * @param error what happened
   */
  void failed(StreamKind stream, IOException error);

  /**
   * The child has ended. Says nothing about the end of data: a grandchild may still hold a pipe.
   * Reported once.
   *
   * @param how in the numbers of the system
   */
  void exited(Termination how);
}
