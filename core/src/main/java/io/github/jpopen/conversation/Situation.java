package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of what is known about one conversation at one moment, for people.
 *
 * @param status how the child ended, null if its exit was not seen
 * @param released whether the child was closed, or all of it is over
 * @param pipes the streams that are pipes
 * @param sent how many bytes of input the child's stdin has taken
 * @param unsent how many bytes of input are left, as far as known
 * @param awaitsInput whether a source of input may give more than that
 * @param closesStdin whether stdin is closed once all input was sent
 * @param calls the threads that are in a call
 * @param age nanoseconds since the start of the child
 * @param quiet nanoseconds since the last byte moved, or since the start
 */
public record Situation(
    @Nullable Termination status,
    boolean released,
    List<Pipe> pipes,
    long sent,
    long unsent,
    boolean awaitsInput,
    boolean closesStdin,
    List<Call> calls,
    long age,
    long quiet) {

  /** What became of a pipe. */
  public enum End {
    /** Both ends may be used. */
    OPEN,
    /** The other end was closed: nothing more can come, or no process reads. */
    ENDED,
    /** Our end was closed first. */
    CLOSED
  }

  /**
   * One pipe.
   *
   * @param stream which
   * @param end what became of it
   * @param received how many bytes of an output came
   * @param unread how many of them are kept in memory and were not consumed
   */
  public record Pipe(StreamKind stream, End end, long received, long unread) {}

  /** What a thread does in a call. */
  public enum Activity {
    /** It moves bytes. */
    MOVES,
    /** It waits for the exit, and moves no bytes. */
    AWAITS_EXIT,
    /** It is in a consumer of an output. */
    CONSUMES
  }

  /**
   * A thread in a call.
   *
   * @param thread which
   * @param activity what it does
   * @param deadline what its wait ends by; null if it is in no wait
   */
  public record Call(Thread thread, Activity activity, @Nullable Deadline deadline) {}
}
