package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** One thing that a fake program does. Immutable. */
public sealed interface Act {
  /**
   * Writes bytes, and waits while the pipe is full.
   *
   * @param stream {@code STDOUT} or {@code STDERR}
   * @param bytes never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Write(StreamKind stream, byte[] bytes) implements Act {}

  /**
   * Does nothing for a time.
   *
   * @param time how long
   */
  record Pause(Duration time) implements Act {}

  /**
   * Closes one of its streams early.
   *
   * @param stream which
   */
  record Close(StreamKind stream) implements Act {}

  /** Reads stdin to its end. */
  record ReadAll() implements Act {}

  /**
   * Reads so many bytes of stdin, or to its end.
   *
   * @param bytes how many
   */
  record ReadBytes(long bytes) implements Act {}

  /** Reads a line of stdin, or to its end. */
  record ReadLine() implements Act {}

  /**
   * Writes a line to stdout for each line of stdin, until its end.
   *
   * @param answer makes a line of a line, both without their ends
   */
  record Answer(UnaryOperator<String> answer) implements Act {}

  /** Does nothing until a signal comes. */
  record Hang() implements Act {}

  /**
   * Waits for a signal that it catches, as it did when it was recorded.
   *
   * @param number which
   */
  record AwaitSignal(int number) implements Act {}

  /**
   * Catches a signal from now on.
   *
   * @param number which
   * @param reaction what it does then; nothing if it ignores it
   */
  record Catch(int number, List<Act> reaction) implements Act {
    /** Makes one, of a copy. */
    public Catch {
      reaction = List.copyOf(reaction);
    }
  }

  /**
   * Ends.
   *
   * @param how in the numbers of the system
   */
  record End(Termination how) implements Act {}
}
