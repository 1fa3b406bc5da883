package io.github.jpopen.spi;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One child and our ends of its pipes, as the operating system sees them.
 *
 * <p>The conversation is written once, in core; this moves bytes and waits, one step at a time. All
 * progress is reported to the {@link ChildEvents} handed to {@link #step}, on the thread that
 * steps. Only one thread steps at a time. Any thread may call {@link #wake}, {@link #takeOver} and
 * {@link #signal} at any time. After {@link #close} they do nothing.
 */
public interface ChildProcess extends AutoCloseable {

  /**
   * The process id.
   *
   * @return the id the system gave; it may be used again by the system after the exit was reported
   */
  long pid();

  /**
   * Moves what can be moved; if nothing could, waits until something can, or the deadline, or a
   * wake-up.
   *
   * <p>It first closes the ends that {@link ChildEvents#closing} names and looks at everything that
   * is wanted once, whatever the deadline. It moves at most about 1 MiB a stream, so that a busy
   * child cannot hide a deadline. The exit of the child is reported as one more thing that happens,
   * even while bytes still flow. So is the loss of stdin's last reader, even if there is nothing to
   * send, where the system reports it. Returning without having done anything is legal.
   *
   * @param events what is wanted and where progress is reported; the same object at every step of
   *     this child
   * @param deadline when to stop waiting
   * @throws InterruptedException if the thread was or is interrupted while waiting; nothing is
   *     lost, the next step goes on
   * @throws IOException if waiting itself failed (not one stream: that is {@link
   *     ChildEvents#failed})
   * @throws IllegalStateException if nothing is wanted or closing, stdin is not open, and the exit
   *     was reported already
   */
  void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException;

  /** Ends the running step, or the next one, early. Sticky; never blocks. */
  void wake();

  /**
   * Ends the running step at once, on behalf of its thread, if that is a virtual thread which waits
   * in it. That thread may get no carrier for a long time; when it runs again, it returns from
   * {@link #step} and touches nothing. Another thread may step from now on. Never blocks.
   *
   * @return false if no virtual thread waits in a step, or if its step cannot be ended like that
   */
  default boolean takeOver() {
    return false;
  }

  /**
   * Sends a signal, or does nothing if the child's exit was collected already. Never reaches a
   * recycled process id.
   *
   * @param number a signal number of this system; 0 only probes
   * @return false if the child had ended
   * @throws IOException if the system refused
   */
  boolean signal(int number) throws IOException;

  /**
   * The child was handed to a user. The user may never ask for it again. From now on the platform
   * gives back what the child holds once it has ended, even if there is no step. Every later step
   * reports the same as without this.
   */
  default void unattended() {}

  /**
   * Sends a signal to the process group that the child leads. Does nothing if the child's exit was
   * collected already: then the number may be another group's.
   *
   * @param number a signal number of this system
   * @return false if there is no such group any longer
   * @throws IOException if the system refused
   * @throws UnsupportedOperationException if this system has no process groups
   */
  default boolean signalGroup(int number) throws IOException {
    throw new UnsupportedOperationException("this system has no process groups");
  }

  /**
   * Kills the child and every process that it has started, and waits until they have ended.
   *
   * <p>It finds all of them if {@link SpawnRequest#tree} was set, and else those that can be found
   * without that. It never reaches a process that the child has not started, even if an id was
   * reused. It works after the exit was reported, and after {@link #close}.
   *
   * @param deadline when to stop looking and waiting; an interrupt does not end the wait, and stays
   *     pending
   * @return the processes that are known to have survived, the child among them; empty if there are
   *     none. A refusal is no exception: that process is in the list
   * @throws IOException if the processes could not be looked for; the child itself may live
   * @throws UnsupportedOperationException if this system cannot do it
   */
  default List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    throw new UnsupportedOperationException("this system cannot kill what a child has started");
  }

  /**
   * Waits until no process is left that {@link #killTree} would kill. Moves no byte.
   *
   * @param deadline when to give up
   * @return false if the deadline passed first, or if this cannot be waited for: then at once
   * @throws InterruptedException if the thread was or is interrupted while waiting
   * @throws IOException if the processes could not be looked for
   */
  default boolean awaitTree(Deadline deadline) throws IOException, InterruptedException {
    return false;
  }

  /**
   * Finds out which processes hold the other ends of the pipes whose own end is open. Notes which
   * pipes they are at once, and looks only when it is asked: looking takes long, so one look serves
   * all pipes.
   *
   * @return gives nothing for a stream of which the system does not tell; never throws
   */
  default Supplier<Map<StreamKind, List<PipeHolder>>> pipeHolders() {
    return Map::of;
  }

  /**
   * Looks what the child is doing. Collects nothing, and works after {@link #close} as well. Never
   * waits and never throws.
   *
   * @return what the child does, and never what another process does that has its id by now
   */
  default Condition condition() {
    return Condition.UNKNOWN;
  }

  /**
   * Looks how many bytes are in a pipe: written, and not read yet. Never waits and never throws.
   *
   * @param stream one of the streams that are pipes
   * @return bytes; -1 if our end is closed, or the system does not tell
   */
  default long queued(StreamKind stream) {
    return -1;
  }

  /**
   * Tells what the child has used, once its exit was reported. Takes no system call.
   *
   * @return null if the system did not tell
   */
  default @Nullable Usage usage() {
    return null;
  }

  /**
   * Gives back descriptors; never kills, never waits. An exit that was not reported yet is
   * collected in the background, so that no zombie stays. Idempotent. Not called while a step runs.
   */
  @Override
  void close();
}
