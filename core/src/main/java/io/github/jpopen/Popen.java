package io.github.jpopen;

import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.conversation.OutputBuffer;
import io.github.jpopen.conversation.OutputForm;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Platforms;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.StreamKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A running child. Python's {@code Popen}.
 *
 * <p>{@link #communicate()} is the way to talk to it: it sends input and reads both outputs at
 * once, so it never deadlocks. When a timeout passes it throws, the child lives on, and the next
 * call goes on at the byte.
 *
 * <p>Thread-safe: any thread may wait, poll, kill or close at any time; only one may be in {@code
 * communicate}. A {@code Popen} that is forgotten gives its resources back when the garbage
 * collector finds it, with a warning in the log; the child is not killed.
 *
 * @param <T> the type of the output, see {@link Command}
 * @see <a href="https://docs.python.org/3/library/subprocess.html#popen-objects">Python's Popen
 *     objects</a>
 */
public final class Popen<T> implements AutoCloseable {
  private final String program;
  private final List<String> args;
  private final Conversation conversation;
  private final StreamAccess streams;
  private final Communicator<T> communicator;
  private final CloseRule closeRule;
  private final ExitWatch exitWatch;
  private volatile @Nullable ProcessHandle handle;

  private Popen(CommandSettings settings, OutputForm<T> form, Conversation conversation) {
    this.program = settings.program();
    this.args = settings.argv();
    this.conversation = conversation;
    this.streams = new StreamAccess(conversation, settings.text());
    this.communicator = new Communicator<>(program, conversation, form, settings.text(), streams);
    this.closeRule = conversation.closeRule();
    this.exitWatch = new ExitWatch(conversation);
  }

  static <T> Popen<T> start(CommandSettings settings, OutputForm<T> form) throws IOException {
    ProcessPlatform platform = Platforms.current();
    Map<StreamKind, OutputBuffer> outputs = new EnumMap<>(StreamKind.class);
    if (settings.stdout().isPipe()) {
      outputs.put(StreamKind.STDOUT, form.newBuffer());
    }
    if (settings.stderr().isPipe()) {
      outputs.put(StreamKind.STDERR, form.newBuffer());
    }
    ChildProcess child;
    try {
      child = platform.spawn(settings.request());
    } catch (SpawnRefused refusal) {
      throw new SpawnException(refusal);
    }
    try {
      return new Popen<>(
          settings,
          form,
          new Conversation(
              settings.program(),
              child,
              settings.stdin().isPipe(),
              outputs,
              new CloseRule(settings.killOnClose)));
    } catch (Throwable e) { // nobody will ever know of this child
      try {
        child.signal(Signal.SIGKILL.number());
      } catch (IOException refused) {
        e.addSuppressed(refused);
      } finally {
        child.close();
      }
      throw e;
    }
  }

  // Talking.

  /**
   * Closes stdin, reads the outputs to their end and waits for the child.
   *
   * @return both outputs; the same object when called again
   * @throws SubprocessException if the output is not text although {@link Command#text()} was said,
   *     if a stream broke, or if it is more than an array holds; the exception holds the output
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted; the child lives on and nothing is
   *     lost
   * @throws IllegalStateException if another thread is in communicate, or this was closed
   * @throws IllegalArgumentException if what was written to {@link #stdinWriter} ends in half a
   *     character; said once, and what is whole is sent by the next call
   */
  public Output<T> communicate() throws IOException, InterruptedException {
    return communicator.communicate(null, null);
  }

  /**
   * As {@link #communicate()}, for so long at most.
   *
   * @param timeout zero or negative is already past: takes what is there and closes stdin, but does
   *     not wait
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on, and the next call loses
   *     nothing
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(Duration timeout) throws IOException, InterruptedException {
    return communicator.communicate(null, Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * Sends input, closes stdin, reads the outputs to their end and waits for the child.
   *
   * <p>The first call fixes the input, also when it was none: after a timeout the rest goes out by
   * calling again <em>without</em> input. A child that does not read its input to the end is no
   * error.
   *
   * @param input copied
   * @return both outputs
   * @throws IllegalArgumentException if stdin is not a pipe
   * @throws IllegalStateException if this is not the first call, or as {@link #communicate()}
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(byte[] input) throws IOException, InterruptedException {
    return communicator.communicate(Input.copied(input), null);
  }

  /**
   * As {@link #communicate(byte[])}, for so long at most.
   *
   * @param input copied
   * @param timeout as {@link #communicate(Duration)}
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on, and the next call loses
   *     nothing
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(byte[] input, Duration timeout)
      throws IOException, InterruptedException {
    return communicator.communicate(
        Input.copied(input), Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * As {@link #communicate(byte[])}, with text.
   *
   * @param input sent in the charset of {@link Command#text()}, or UTF-8
   * @return both outputs
   * @throws IllegalArgumentException if the text cannot be encoded, or stdin is not a pipe
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(String input) throws IOException, InterruptedException {
    return communicator.communicate(Input.of(input), null);
  }

  /**
   * As {@link #communicate(String)}, for so long at most.
   *
   * @param input sent in the charset of {@link Command#text()}, or UTF-8
   * @param timeout as {@link #communicate(Duration)}
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on, and the next call loses
   *     nothing
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(String input, Duration timeout)
      throws IOException, InterruptedException {
    return communicator.communicate(Input.of(input), Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * As {@link #communicate(byte[])}, with any input.
   *
   * @param input where it comes from. If its source fails, that is thrown, and the child never sees
   *     it as the end of its input: stdin stays open until this is closed or the child ends
   * @return both outputs
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(Input input) throws IOException, InterruptedException {
    return communicator.communicate(Objects.requireNonNull(input, "input"), null);
  }

  /**
   * As {@link #communicate(Input)}, for so long at most.
   *
   * @param input where it comes from
   * @param timeout as {@link #communicate(Duration)}
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on, and the next call loses
   *     nothing
   * @throws IOException as {@link #communicate()}
   * @throws InterruptedException as {@link #communicate()}
   */
  public Output<T> communicate(Input input, Duration timeout)
      throws IOException, InterruptedException {
    return communicator.communicate(
        Objects.requireNonNull(input, "input"), Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * As {@link #communicate()}, on a virtual thread of its own.
   *
   * <p>{@code cancel} interrupts that thread, whatever its argument is; so does whoever else
   * completes the future first, such as {@code orTimeout}. The child is not killed, nothing is
   * lost, and {@code communicate} can be called again at once: it goes on where this stopped. A
   * stage derived from the future ({@code thenApply} and its like) interrupts nothing when it is
   * cancelled. Stages without an executor run on the virtual thread.
   *
   * @return fails with what {@link #communicate()} throws; such a failure counts as thrown to the
   *     caller also if nobody looks at it
   * @throws IllegalStateException if another thread is in communicate or another call of this is
   *     running, if this was closed, or if {@link Command#offHeap} was said with an arena that is
   *     closed or confined to a thread
   */
  public CompletableFuture<Output<T>> communicateAsync() {
    return AsyncCommunicate.start(communicator, null, null);
  }

  /**
   * As {@link #communicateAsync()}, for so long at most.
   *
   * @param timeout from now on; as {@link #communicate(Duration)}
   * @return fails with {@link TimeoutExpiredException} if the time is up, and as {@link
   *     #communicateAsync()}
   * @throws IllegalStateException as {@link #communicateAsync()}
   */
  public CompletableFuture<Output<T>> communicateAsync(Duration timeout) {
    return AsyncCommunicate.start(communicator, null, Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * As {@link #communicate(Input)}, on a virtual thread of its own.
   *
   * <p>The input is fixed by this call, but for a source that is opened anew for each child ({@link
   * Input#stream(java.util.concurrent.Callable)}): that is opened on the virtual thread, and if it
   * was not open yet when the future was cancelled, the next call may give input again.
   *
   * @param input where it comes from
   * @return as {@link #communicateAsync()}
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if this is not the first call, if the input lies in an arena that
   *     is confined to a thread, or as {@link #communicateAsync()}
   */
  public CompletableFuture<Output<T>> communicateAsync(Input input) {
    return AsyncCommunicate.start(communicator, Objects.requireNonNull(input, "input"), null);
  }

  /**
   * As {@link #communicateAsync(Input)}, for so long at most.
   *
   * @param input where it comes from
   * @param timeout from now on; as {@link #communicate(Duration)}
   * @return fails with {@link TimeoutExpiredException} if the time is up, and as {@link
   *     #communicateAsync()}
   * @throws IllegalArgumentException as {@link #communicateAsync(Input)}
   * @throws IllegalStateException as {@link #communicateAsync(Input)}
   */
  public CompletableFuture<Output<T>> communicateAsync(Input input, Duration timeout) {
    return AsyncCommunicate.start(
        communicator,
        Objects.requireNonNull(input, "input"),
        Objects.requireNonNull(timeout, "timeout"));
  }

  Communicator<T> communicator() {
    return communicator;
  }

  /** Gives everything back without waiting; a child that lives is not killed. */
  void abandon() {
    conversation.abandon();
  }

  // Waiting.

  /**
   * Whether the child has ended.
   *
   * @return its {@link #returncode}, or empty while it is alive
   * @throws UncheckedIOException if the system refused to tell
   * @throws IllegalStateException if this was closed before the exit was seen
   */
  public OptionalInt poll() {
    closeRule.answered();
    if (conversation.status() == null) {
      try {
        conversation.look();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return seen();
  }

  /**
   * Waits for the exit for so long at most, and does not throw when the time is up.
   *
   * @param timeout zero or negative only looks
   * @return its {@link #returncode}, or empty while it is alive
   * @throws InterruptedException if this thread was interrupted
   * @throws UncheckedIOException if the system refused to tell
   * @throws IllegalStateException if this was closed before the exit was seen
   */
  public OptionalInt poll(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    closeRule.answered();
    try {
      awaitExit(deadline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seen();
  }

  private OptionalInt seen() {
    ExitStatus status = conversation.status();
    return status == null ? OptionalInt.empty() : OptionalInt.of(status.returncode());
  }

  /**
   * Waits for the exit. Moves no bytes, as in Python: a child that waits for its input to end or
   * for its output to be read waits for ever; use {@link #communicate()} then.
   *
   * @return as {@link #returncode}
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if this was closed before the exit was seen
   */
  public int waitFor() throws IOException, InterruptedException {
    closeRule.answered();
    awaitExit(Deadline.never());
    return returncode();
  }

  /**
   * As {@link #waitFor()}, for so long at most.
   *
   * @param timeout zero or negative only looks
   * @return as {@link #returncode}
   * @throws TimeoutExpiredException if the time is up; the child lives on
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   */
  public int waitFor(Duration timeout) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    closeRule.answered();
    if (!awaitExit(deadline)) {
      closeRule.timedOut();
      throw communicator.timedOut(timeout);
    }
    return returncode();
  }

  boolean awaitExit(Deadline deadline) throws IOException, InterruptedException {
    try {
      boolean ended = conversation.awaitExit(deadline);
      closeRule.waited();
      return ended;
    } catch (InterruptedException e) {
      closeRule.interrupted();
      throw e;
    }
  }

  CloseRule closeRule() {
    return closeRule;
  }

  /** Whether the exit was seen. Does not look. */
  boolean hasEnded() {
    return conversation.status() != null;
  }

  ExitWatch exitWatch() {
    return exitWatch;
  }

  /**
   * Tells when the child ends. Moves no bytes, as {@link #waitFor()}.
   *
   * <p>While a future of this is waiting, this child cannot be forgotten. All of them share one
   * virtual thread, which ends when the last was completed or cancelled. A stage without an
   * executor runs on a virtual thread.
   *
   * @return completes with this when the exit was seen, so that {@link #returncode} answers; fails
   *     with {@link IllegalStateException} if this is closed before that
   * @throws IllegalStateException if this was closed before the exit was seen
   */
  public CompletableFuture<Popen<T>> onExit() {
    boolean released = conversation.isReleased(); // asked first: the end releases as well
    if (hasEnded()) {
      return CompletableFuture.completedFuture(this);
    }
    if (released) {
      throw new IllegalStateException("closed");
    }
    CompletableFuture<Popen<T>> future = new CompletableFuture<>();
    ExitWatch.Listener listener =
        failure -> {
          if (failure == null) {
            future.complete(this);
          } else {
            future.completeExceptionally(failure);
          }
        };
    exitWatch.add(listener);
    CompletableFuture<?> _ = future.whenComplete((_, _) -> exitWatch.remove(listener));
    return future;
  }

  /**
   * Waits until one of several children has ended. Moves no bytes, as {@link #waitFor()}.
   *
   * <p>Meanwhile each child costs a virtual thread; for many children and one end after the other,
   * {@link #onExit} costs less. Any number of threads may wait for the same children.
   *
   * @param <P> the type of the children
   * @param children may hold one more than once; not changed
   * @param timeout zero or negative only looks
   * @return one whose exit was seen; empty if the time is up. If several had ended already, the
   *     first of them in the order of the collection. Always empty, at once, if there are no
   *     children
   * @throws InterruptedException if this thread was interrupted; the children are as they were
   * @throws UncheckedIOException if the system refused to tell
   * @throws IllegalStateException if one of them was closed before its exit was seen
   */
  public static <P extends Popen<?>> Optional<P> awaitAny(Collection<P> children, Duration timeout)
      throws InterruptedException {
    return SeveralExits.any(children, Deadline.after(timeout));
  }

  /**
   * Waits until all of several children have ended. Moves no bytes, as {@link #waitFor()}.
   *
   * @param children may hold one more than once; not changed
   * @param timeout for all together; zero or negative only looks
   * @return whether the exits of all were seen; false if the time is up. Always true, at once, if
   *     there are no children
   * @throws InterruptedException if this thread was interrupted; the children are as they were
   * @throws UncheckedIOException if the system refused to tell
   * @throws IllegalStateException if one of them was closed before its exit was seen
   */
  public static boolean awaitAll(Collection<? extends Popen<?>> children, Duration timeout)
      throws InterruptedException {
    return SeveralExits.all(children, Deadline.after(timeout));
  }

  /**
   * Python's {@code returncode}.
   *
   * @return the exit code; on POSIX -N if signal N ended the child; {@link
   *     ExitStatus#UNKNOWN_RETURNCODE} if the system does not know any more
   * @throws IllegalStateException if the exit was not seen yet
   */
  public int returncode() {
    return status().returncode();
  }

  /**
   * How the child ended.
   *
   * @return never null
   * @throws IllegalStateException if the exit was not seen yet
   */
  public ExitStatus status() {
    ExitStatus status = conversation.status();
    if (status == null) {
      throw new IllegalStateException(
          "the exit of the child was not seen yet: use poll or waitFor");
    }
    return status;
  }

  // The streams.

  /**
   * The child's stdin, buffered. {@code communicate} sends what was not flushed first; after its
   * first call the streams cannot be used any more.
   *
   * <p>Using any stream moves the bytes of all, so the child never waits for an output that nobody
   * reads; that output is kept in memory. An interrupt is {@link java.io.InterruptedIOException},
   * with the flag kept, and the stream stays usable: a read has taken nothing then, a write has
   * taken {@code bytesTransferred} bytes of those that it was given, and a flush goes on when it is
   * called again. If that was {@code close}, what was written is sent, and the child's stdin closed
   * after it, by whatever moves bytes next: another stream, {@code communicate}, or {@code close}
   * called again. {@link #waitFor()} moves none, so with a child that reads to the end it waits in
   * vain until one of these was called.
   *
   * @return always the same stream
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public OutputStream stdin() {
    return streams.stdin();
  }

  /**
   * The child's stdout. What is not read comes out of {@code communicate}. See {@link #stdin()}.
   *
   * @return always the same stream
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public InputStream stdout() {
    return streams.output(StreamKind.STDOUT);
  }

  /**
   * The child's stderr. What is not read comes out of {@code communicate}. See {@link #stdin()}.
   *
   * @return always the same stream
   * @throws IllegalStateException if stderr is not a pipe, or {@code communicate} was called
   */
  public InputStream stderr() {
    return streams.output(StreamKind.STDERR);
  }

  /**
   * The child's stdin for text, in the charset of {@link Command#text()}, or UTF-8. Flushes at each
   * newline.
   *
   * <p>A write that is interrupted ({@link java.io.InterruptedIOException}) has taken all of its
   * text, which is sent in front of what comes later: never write it again.
   *
   * @return always the same writer, over {@link #stdin()}
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public Writer stdinWriter() {
    return streams.stdinWriter();
  }

  /**
   * The child's stdout as text, in the charset of {@link Command#text()}, or UTF-8. Takes the bytes
   * of what it hands out and no more, so the rest still comes out of {@link #stdout()} or {@code
   * communicate}: every byte once, in order, also after {@code ready} or an interrupt. A {@code
   * "\n"} directly behind a {@code "\r"} that was read here belongs to it: nobody waits for it, and
   * whoever reads on does not get it, also if it comes late.
   *
   * <p>It keeps nothing to go back to: {@code mark} and {@code reset} throw, {@code markSupported}
   * is false, although it is a {@link BufferedReader}.
   *
   * @return always the same reader, over {@link #stdout()}
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public BufferedReader stdoutReader() {
    return streams.reader(StreamKind.STDOUT);
  }

  /**
   * The child's stderr as text. See {@link #stdoutReader()}.
   *
   * @return always the same reader, over {@link #stderr()}
   * @throws IllegalStateException if stderr is not a pipe, or {@code communicate} was called
   */
  public BufferedReader stderrReader() {
    return streams.reader(StreamKind.STDERR);
  }

  // Signals.

  /**
   * Sends a signal. Never reaches another process, also when the system has given the child's id
   * away.
   *
   * @param signal which
   * @return false if the child had ended
   * @throws UncheckedIOException if the system refused, as it may for a setuid program
   * @throws UnsupportedOperationException if this system has no such signal
   */
  public boolean sendSignal(Signal signal) {
    closeRule.answered();
    try {
      return conversation.signal(signal.number());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks the child to end: SIGTERM.
   *
   * @return as {@link #sendSignal}
   */
  public boolean terminate() {
    return sendSignal(Signal.SIGTERM);
  }

  /**
   * Ends the child: SIGKILL. Does not wait for it. The child's own children live on.
   *
   * @return as {@link #sendSignal}
   */
  public boolean kill() {
    return sendSignal(Signal.SIGKILL);
  }

  // The rest.

  /**
   * The process id.
   *
   * @return the system's; it may belong to another process after the exit was seen
   */
  public long pid() {
    return conversation.pid();
  }

  /**
   * The command, for display.
   *
   * @return as {@link Command#argv}
   */
  public List<String> args() {
    return args;
  }

  /**
   * The JDK's view of the child.
   *
   * @return a handle; its exit code and streams are not to be had there
   * @throws IllegalStateException if the exit was seen before this was first called
   */
  public ProcessHandle toHandle() {
    ProcessHandle known = handle;
    if (known == null) {
      known = ProcessHandle.of(pid()).orElse(null);
      if (known == null || conversation.status() != null) { // the id may be another's by now
        throw new IllegalStateException("the child has ended");
      }
      handle = known;
    }
    return known;
  }

  /**
   * Closes the pipes and waits for the child, as Python's {@code with} does. Idempotent: a second
   * call does nothing, and returns at once also while the first still waits on another thread.
   *
   * <p>What was written to {@link #stdin()} and not flushed is sent first, unless the child is
   * killed.
   *
   * <p>Kills the child first if {@link Command#killOnClose} was said, or if the last timed call
   * threw {@link TimeoutExpiredException} and nobody has waited, polled or signalled since, nor has
   * the thread that got the exception used a stream ({@link #onExit} does not count): Java closes
   * before {@code catch}, where the child cannot be reached any more. Does not wait if the last
   * {@code communicate} or wait for the exit was interrupted, if this thread is interrupted (the
   * flag stays set), or if killing was refused: the exit is then collected in the background.
   *
   * @throws IOException if nobody reads what was written to {@link #stdin()} and not flushed; if
   *     this thread is interrupted and the pipe does not take all of that at once, the rest of
   *     which is dropped then; or if what was written to {@link #stdinWriter} ends in half a
   *     character. Everything is closed all the same
   */
  @Override
  public void close() throws IOException {
    if (!communicator.close()) {
      return;
    }
    CloseRule.Decision decision = closeRule.decide();
    try {
      if (decision.mustKill() && !tryKill()) {
        decision = decision.killRefused();
      }
      closePipes(decision.mayFlush());
    } finally {
      try {
        if (decision.mayWait()) {
          conversation.awaitExit(Deadline.never());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        conversation.abandon();
      }
    }
  }

  private boolean tryKill() {
    try {
      kill();
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** In Python's order. Flushing may fail and is then reported, but closes all the same. */
  private void closePipes(boolean flush) throws IOException {
    try {
      conversation.close(StreamKind.STDOUT, StreamKind.STDERR);
    } finally {
      try {
        if (flush) {
          streams.closeStdin();
        }
      } finally {
        conversation.close(StreamKind.STDIN);
      }
    }
  }

  /**
   * The program, its id and how it is.
   *
   * @return for people, without the arguments, which may be secret
   */
  @Override
  public String toString() {
    ExitStatus status = conversation.status();
    return "Popen["
        + (program.length() > 80 ? program.substring(0, 77) + "..." : program)
        + ", pid "
        + pid()
        + ", returncode: "
        + (status == null ? "none" : Integer.toString(status.returncode()))
        + "]";
  }
}
