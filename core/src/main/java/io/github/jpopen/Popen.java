package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.command.VisibleText;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.exit.ExitAccess;
import io.github.jpopen.exit.SeveralExits;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Persistently;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.stream.StreamAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A running child. Python's {@code Popen}.
 *
 * {@snippet file="ChildSnippets.java" region="popen" :
 * Command<String> server = Command.shell("echo ready; exec sleep 60").text().stdout(PIPE);
 * try (Popen<String> child = server.killOnClose().start()) {
 *   String line = child.stdoutReader().readLine(); // waits until the server is ready
 *   IO.println("process " + child.pid() + " is " + line);
 *   child.stop(Duration.ofSeconds(5)); // SIGTERM; SIGKILL if it has not ended by then
 * } // closes the pipes
 * }
 *
 * <p>There are three ways to use it:
 *
 * <ul>
 *   <li>{@link #communicate()} and its overloads send all input and read all output. They move both
 *       at the same time, so they never cause a deadlock. After a timeout the child lives on, and
 *       the next call continues with the next byte.
 *   <li>{@link #stdin}, {@link #stdout}, {@link #stderr} and their readers and writers exchange
 *       data step by step, before {@code communicate} is called.
 *   <li>{@link #waitFor()}, {@link #poll()} and {@link #onExit} observe the exit. Those that wait
 *       send what was written to {@link #stdin}; no other data is moved.
 * </ul>
 *
 * <p>Close every child, preferably with a {@code try}-with-resources statement. If a {@code Popen}
 * is forgotten, the garbage collector releases its resources, with a warning in the log. The child
 * is not killed.
 *
 * <p>Thread-safe: any thread may wait, poll, send signals, use the streams and close at any time.
 * Only one thread may be in {@code communicate}.
 *
 * @param <T> the type of the output, see {@link Command}
 * @see <a href="https://docs.python.org/3/library/subprocess.html#popen-objects">Python's Popen
 *     objects</a>
 * @since 0.1
 */
public final class Popen<T> implements AutoCloseable {
  private final CommandLabel label;
  private final Conversation conversation;
  private final Communicator<T> communicator;
  private final CloseRule closeRule;
  private final ExitAccess exit;
  private final boolean leadsGroup;
  private final SignalLog signals;
  private final Ender ender;
  private volatile @Nullable ProcessHandle handle;

  /** Of a child that was just started. */
  Popen(
      CommandSettings settings,
      CommandLabel label,
      OutputForm<T> form,
      Conversation conversation,
      int sigkill,
      @Nullable Witness witness) {
    this.label = label;
    this.conversation = conversation;
    Signal request = settings.request();
    this.signals = new SignalLog(request, witness);
    this.communicator =
        new Communicator<>(
            label, conversation, form, settings.ownTexts(), settings.limits(), witness);
    this.closeRule = conversation.closeRule();
    this.exit = new ExitAccess(conversation);
    this.leadsGroup = settings.leadsGroup();
    this.ender =
        new Ender(conversation, signals, sigkill, request, settings.grace, settings.tree());
  }

  /** The user gets it. */
  void handOut() {
    conversation.handOut();
  }

  // Talking.

  /**
   * Closes stdin, reads the outputs to their end and waits for the child.
   *
   * <p>Bytes that were written to {@link #stdin} and not flushed are sent first. An output ends
   * when every process that inherited it has closed it.
   *
   * @return both outputs; the same object when called again
   * @throws SubprocessException if the output cannot be decoded, a stream or a consumer failed, or
   *     the output is larger than an array can hold; holds the output
   * @throws OutputLimitException if an output is larger than {@link Redirect#limit} allows
   * @throws TimeoutExpiredException if {@link Command#idleTimeout} was set and no byte moved for
   *     that long; the child lives on and the next call loses nothing
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted; the child lives on and nothing is
   *     lost
   * @throws IllegalStateException if another thread is in {@code communicate}, if this is closed,
   *     or if a consumer of the outputs calls this
   * @throws IllegalArgumentException if the text written to {@link #stdinWriter} ends in an
   *     incomplete character; thrown once, and the next call sends the complete characters
   */
  public Output<T> communicate() throws IOException, InterruptedException {
    return CommunicateCall.communicate(communicator, null, null);
  }

  /**
   * Like {@link #communicate()}, but waits at most {@code timeout}.
   *
   * @param timeout if zero or negative, the call takes what is available and closes stdin, but does
   *     not wait
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on and the next call loses
   *     nothing
   * @throws IllegalStateException if {@link #communicate()} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(Duration timeout) throws IOException, InterruptedException {
    return CommunicateCall.communicate(
        communicator, null, Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Sends input, closes stdin, reads the outputs to their end and waits for the child.
   *
   * <ul>
   *   <li>The first call fixes the input, even if it has none.
   *   <li>After a timeout, call again <em>without</em> input to send the rest.
   *   <li>A child that does not read its input to the end is not an error.
   * </ul>
   *
   * @param input copied
   * @return both outputs
   * @throws IllegalArgumentException if stdin is not a pipe
   * @throws IllegalStateException if this is not the first call, if there is input and {@link
   *     #stdin} was closed, or if {@link #communicate()} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(byte[] input) throws IOException, InterruptedException {
    return CommunicateCall.communicate(communicator, Input.copied(input), null);
  }

  /**
   * Like {@link #communicate(byte[])}, but waits at most {@code timeout}.
   *
   * @param input copied
   * @param timeout if zero or negative, the call moves what can be moved, but does not wait
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on and the next call loses
   *     nothing
   * @throws IllegalArgumentException if stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(byte[] input, Duration timeout)
      throws IOException, InterruptedException {
    return CommunicateCall.communicate(
        communicator, Input.copied(input), Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Like {@link #communicate(byte[])}, with text.
   *
   * @param input sent in the charset of {@link Command#text(java.nio.charset.Charset)}, or in UTF-8
   * @return both outputs
   * @throws IllegalArgumentException if the text cannot be encoded, or stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(String input) throws IOException, InterruptedException {
    return CommunicateCall.communicate(communicator, Input.of(input), null);
  }

  /**
   * Like {@link #communicate(byte[])}, with text, and waits at most {@code timeout}.
   *
   * @param input sent in the charset of {@link Command#text(java.nio.charset.Charset)}, or in UTF-8
   * @param timeout if zero or negative, the call moves what can be moved, but does not wait
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on and the next call loses
   *     nothing
   * @throws IllegalArgumentException if the text cannot be encoded, or stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(String input, Duration timeout)
      throws IOException, InterruptedException {
    return CommunicateCall.communicate(
        communicator, Input.of(input), Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Like {@link #communicate(byte[])}, with any input.
   *
   * <p>If the source of the input fails, the failure is thrown and the child does not see end of
   * file. Stdin stays open until this is closed or the child ends.
   *
   * @param input where the bytes come from
   * @return both outputs
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if this is not the first call, a single-use input was used
   *     before, {@link #stdin} was closed before its input, or {@link #communicate()} would throw
   *     it
   * @throws IOException if the input cannot be opened, or if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(Input input) throws IOException, InterruptedException {
    return CommunicateCall.communicate(
        communicator, Objects.requireNonNull(input, "input is null"), null);
  }

  /**
   * Like {@link #communicate(Input)}, but waits at most {@code timeout}.
   *
   * @param input where the bytes come from
   * @param timeout if zero or negative, the call moves what can be moved, but does not wait
   * @return both outputs
   * @throws TimeoutExpiredException if the time is up; the child lives on and the next call loses
   *     nothing
   * @throws IllegalArgumentException if {@link #communicate(Input)} would throw it
   * @throws IllegalStateException if {@link #communicate(Input)} would throw it
   * @throws IOException if {@link #communicate(Input)} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public Output<T> communicate(Input input, Duration timeout)
      throws IOException, InterruptedException {
    return CommunicateCall.communicate(
        communicator,
        Objects.requireNonNull(input, "input is null"),
        Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Does what {@link #communicate()} does on a new virtual thread.
   *
   * <ul>
   *   <li>Cancelling the future interrupts that thread. Completing the future in any other way, for
   *       example by {@code orTimeout}, does the same.
   *   <li>Then the child is not killed and nothing is lost. {@code communicate} can be called again
   *       at once and continues with the next byte.
   *   <li>Cancelling a dependent stage ({@code thenApply} and so on) interrupts nothing.
   *   <li>Stages without an executor run on the virtual thread.
   *   <li>The thread inherits neither thread locals nor the context class loader of this one.
   * </ul>
   *
   * @return a future that fails with the exceptions of {@link #communicate()}; such a failure
   *     counts as delivered even if the future is never inspected
   * @throws IllegalStateException if another call is in {@code communicate}, if this is closed, or
   *     if the arena of {@link Command#offHeap} is closed or confined to a thread
   */
  public CompletableFuture<Output<T>> communicateAsync() {
    return AsyncCommunicate.start(communicator, null, null);
  }

  /**
   * Like {@link #communicateAsync()}, but waits at most {@code timeout}.
   *
   * @param timeout counted from now; if zero or negative, the call takes what is available and
   *     closes stdin, but does not wait
   * @return a future that fails with {@link TimeoutExpiredException} if the time is up, or with the
   *     exceptions of {@link #communicate()}
   * @throws IllegalStateException if {@link #communicateAsync()} would throw it
   */
  public CompletableFuture<Output<T>> communicateAsync(Duration timeout) {
    return AsyncCommunicate.start(
        communicator, null, Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Does what {@link #communicate(Input)} does on a new virtual thread. The future is that of
   * {@link #communicateAsync()}.
   *
   * <p>This call fixes the input, except for a source that is reopened for every child ({@link
   * Input#stream(java.util.concurrent.Callable)}). Such a source is opened on the virtual thread.
   * If the future is cancelled before it is open, the next call may give input again.
   *
   * @param input where the bytes come from
   * @return a future that fails with the exceptions of {@link #communicate(Input)}
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if this is not the first call, if the input is in a confined
   *     arena, or if {@link #communicateAsync()} would throw it
   */
  public CompletableFuture<Output<T>> communicateAsync(Input input) {
    return AsyncCommunicate.start(
        communicator, Objects.requireNonNull(input, "input is null"), null);
  }

  /**
   * Like {@link #communicateAsync(Input)}, but waits at most {@code timeout}.
   *
   * @param input where the bytes come from
   * @param timeout counted from now; if zero or negative, the call moves what can be moved, but
   *     does not wait
   * @return a future that fails with {@link TimeoutExpiredException} if the time is up, or with the
   *     exceptions of {@link #communicate(Input)}
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if {@link #communicateAsync(Input)} would throw it
   */
  public CompletableFuture<Output<T>> communicateAsync(Input input, Duration timeout) {
    return AsyncCommunicate.start(
        communicator,
        Objects.requireNonNull(input, "input is null"),
        Objects.requireNonNull(timeout, "timeout is null"));
  }

  Ender ender() {
    return ender;
  }

  CommandLabel label() {
    return label;
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
   * Checks whether the child has ended, without waiting.
   *
   * @return its {@link #returncode}, or empty while it is running
   * @throws UncheckedIOException if the system refused to report its state
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public OptionalInt poll() {
    closeRule.answered();
    boolean _ = exit.look();
    return seen();
  }

  /**
   * Waits for the exit, but at most {@code timeout}. Use it where a child that is still running is
   * not an error. It returns empty where {@link #waitFor(Duration)} throws. Unlike that exception,
   * it does not make {@link #close} kill the child.
   *
   * @param timeout if zero or negative, the call checks once and does not wait
   * @return its {@link #returncode}, or empty while it is running
   * @throws InterruptedException if this thread was interrupted
   * @throws UncheckedIOException if the system refused to report its state
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public OptionalInt poll(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    closeRule.answered();
    try {
      exit.await(deadline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seen();
  }

  private OptionalInt seen() {
    ExitStatus status = ExitNumbers.status(conversation);
    return status == null ? OptionalInt.empty() : OptionalInt.of(status.returncode());
  }

  /**
   * Waits for the exit.
   *
   * <p>It sends what was written to {@link #stdin()}, and moves no other data, as in Python. A
   * child that waits for the end of its input, or for its output to be read, waits forever. Use
   * {@link #communicate()} for such a child.
   *
   * @return the exit code, in the form of {@link #returncode}
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public int waitFor() throws IOException, InterruptedException {
    closeRule.answered();
    exit.await(Deadline.never());
    return returncode();
  }

  /**
   * Like {@link #waitFor()}, but waits at most {@code timeout}. Use it where a child that is still
   * running is an error, and {@link #poll(Duration)} elsewhere.
   *
   * @param timeout if zero or negative, the call checks once and does not wait
   * @return the exit code, in the form of {@link #returncode}
   * @throws TimeoutExpiredException if the time is up; the child lives on
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public int waitFor(Duration timeout) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    closeRule.answered();
    if (!exit.await(deadline)) {
      closeRule.timedOut();
      throw communicator.timedOut(timeout);
    }
    return returncode();
  }

  ExitAccess exit() {
    return exit;
  }

  /**
   * Returns a future that completes when the child ends. It moves no data, see {@link #waitFor()}.
   *
   * <ul>
   *   <li>While the future is pending, this child stays reachable.
   *   <li>All futures of a child share one virtual thread. It ends when the last of them is
   *       completed or cancelled.
   *   <li>Stages without an executor run on a virtual thread.
   * </ul>
   *
   * @return completes with this child once its exit has been observed; {@link #returncode} can then
   *     be called. Fails with {@link IllegalStateException} if this is closed before that, and with
   *     {@link IOException} if waiting fails
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public CompletableFuture<Popen<T>> onExit() {
    boolean released = conversation.isReleased(); // asked first: the end releases as well
    if (exit.wasSeen()) {
      return CompletableFuture.completedFuture(this);
    }
    if (released) {
      throw new IllegalStateException("this Popen is closed");
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
    exit.add(listener);
    CompletableFuture<?> _ = future.whenComplete((_, _) -> exit.remove(listener));
    return future;
  }

  /**
   * Waits until one of several children has ended. It moves no data, see {@link #waitFor()}.
   *
   * <p>Each child costs a virtual thread meanwhile. While these get no carrier, this thread checks
   * the children several times a second. To handle many children one after the other, {@link
   * #onExit} costs less. Any number of threads may wait for the same children.
   *
   * @param <P> the type of the children
   * @param children may contain one more than once; not changed
   * @param timeout if zero or negative, the call checks once and does not wait
   * @return a child whose exit was observed; empty if the time is up. Of several that have ended
   *     already, the first in the order of the collection. Without children it is empty at once
   * @throws InterruptedException if this thread was interrupted; the children are not affected
   * @throws UncheckedIOException if the system refused to report their state
   * @throws IllegalStateException if one of them was closed before its exit was observed
   */
  public static <P extends Popen<?>> Optional<P> awaitAny(Collection<P> children, Duration timeout)
      throws InterruptedException {
    return SeveralExits.any(children, child -> child.exit(), Deadline.after(timeout));
  }

  /**
   * Waits until all of several children have ended. It moves no data, see {@link #waitFor()}.
   *
   * @param children may contain one more than once; not changed
   * @param timeout for all together; if zero or negative, the call checks once and does not wait
   * @return whether the exit of all was observed; false if the time is up. Without children it is
   *     true at once
   * @throws InterruptedException if this thread was interrupted; the children are not affected
   * @throws UncheckedIOException if the system refused to report their state
   * @throws IllegalStateException if one of them was closed before its exit was observed
   */
  public static boolean awaitAll(Collection<? extends Popen<?>> children, Duration timeout)
      throws InterruptedException {
    return SeveralExits.all(children, child -> child.exit(), Deadline.after(timeout));
  }

  /**
   * Returns the exit code. Python's {@code returncode}, and spelled like it.
   *
   * @return the exit code; on POSIX, -N if signal N killed the child; {@link
   *     ExitStatus#UNKNOWN_RETURNCODE} if the system no longer knows it
   * @throws IllegalStateException if the exit has not been observed yet
   */
  public int returncode() {
    return status().returncode();
  }

  /**
   * Returns how the child ended.
   *
   * @return never null
   * @throws IllegalStateException if the exit has not been observed yet
   */
  public ExitStatus status() {
    ExitStatus status = ExitNumbers.status(conversation);
    if (status == null) {
      throw new IllegalStateException(
          "the exit of the child has not been observed yet: use poll or waitFor");
    }
    return status;
  }

  // The streams.

  /**
   * Returns the child's stdin as a buffered stream.
   *
   * <p>For all streams of a child:
   *
   * <ul>
   *   <li>They can be used until {@code communicate} is called. It sends the bytes that were not
   *       flushed and returns the output that was not read.
   *   <li>Using one stream moves the bytes of all. The child never waits for an output that is not
   *       read: such output is kept in memory.
   *   <li>What was written is sent when the buffer of 8 KiB is full, by {@code flush} and {@code
   *       close}, and before any call waits for this child. So no flush is needed before a read. A
   *       wait that has begun on another thread sends it as well. {@link #poll()} sends nothing.
   *   <li>Several threads may use them at the same time: one for each output, and one that writes.
   *       One thread at a time waits for the child and moves the bytes of all, so a thread that
   *       stops reading holds up no other. Two threads that use one stream or reader take turns:
   *       each byte, and each line, goes to one of them.
   * </ul>
   *
   * <p>An interrupt throws {@link java.io.InterruptedIOException} and leaves the thread's interrupt
   * status set. The stream stays usable:
   *
   * <ul>
   *   <li><em>Read</em>: no bytes were consumed.
   *   <li><em>Write</em>: the first {@code bytesTransferred} bytes of the argument were accepted.
   *   <li><em>Flush</em>: calling it again continues.
   *   <li><em>Close</em>: the next call that moves data sends the bytes accepted so far, and then
   *       closes the child's stdin. Such a call is the use of another stream, {@code communicate},
   *       or {@code close} again. Until then, {@link #waitFor()} may wait forever for a child that
   *       reads to the end.
   * </ul>
   *
   * @return always the same stream
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public OutputStream stdin() {
    return communicator.streams().stdin();
  }

  /**
   * Returns the child's stdout as a stream. {@code communicate} returns what is not read from it.
   * The rules for all streams are those of {@link #stdin()}. Single bytes are as fast as from a
   * {@link java.io.BufferedInputStream}, so none is needed around it.
   *
   * @return always the same stream
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public InputStream stdout() {
    return communicator.streams().output(StreamKind.STDOUT);
  }

  /**
   * Returns the child's stderr as a stream. {@code communicate} returns what is not read from it.
   * The rules for all streams are those of {@link #stdin()}.
   *
   * @return always the same stream
   * @throws IllegalStateException if stderr is not a pipe, or {@code communicate} was called
   */
  public InputStream stderr() {
    return communicator.streams().output(StreamKind.STDERR);
  }

  /**
   * Returns the child's stdin for text, in the charset of {@link
   * Command#text(java.nio.charset.Charset)}, or in UTF-8.
   *
   * {@snippet file="ChildSnippets.java" region="dialogue" :
   * Command<String> echo = Command.of("cat").text().stdin(PIPE).stdout(PIPE);
   * try (Popen<String> child = echo.start()) {
   *   child.stdinWriter().write("a question\n");
   *   IO.println(child.stdoutReader().readLine()); // sends it first, so no flush is needed
   * } // closes stdin, which ends cat
   * }
   *
   * <ul>
   *   <li>It gathers lines as {@link #stdin()} gathers bytes. A line is sent before a call waits
   *       for this child, so a dialogue needs no flush. Without such a call, {@code flush} sends
   *       it.
   *   <li>A write that is interrupted ({@link java.io.InterruptedIOException}) has accepted all of
   *       its text. Never write that text again: it is sent before later text.
   *   <li>Text that cannot be encoded is an {@link IllegalArgumentException}, and none of it is
   *       written. A policy of {@link TextErrors} changes that.
   *   <li>The first half of a surrogate pair waits for the other half. If that never comes, the
   *       same rule applies to it when the writer is closed, and in {@code communicate}.
   * </ul>
   *
   * @return always the same writer, over {@link #stdin()}
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public Writer stdinWriter() {
    return communicator.streams().stdinWriter();
  }

  /**
   * Returns the child's stdout as text, in the charset of {@link
   * Command#text(java.nio.charset.Charset)}, or in UTF-8.
   *
   * <ul>
   *   <li>It consumes the bytes of the text that it returns and no others. The rest stays available
   *       to {@link #stdout()} and {@code communicate}: every byte once, in order, even after
   *       {@code ready} or an interrupt.
   *   <li>{@code "\r\n"} counts as one line end. The reader does not wait for the {@code "\n"}
   *       after a {@code "\r"}. If it arrives later, it is discarded for all readers.
   *   <li>With {@link TextErrors#STRICT}, malformed bytes are a {@link
   *       java.nio.charset.CharacterCodingException}. {@link #stdout()} can still read them.
   *   <li>{@code mark} and {@code reset} throw, and {@code markSupported} is false, although it is
   *       a {@link BufferedReader}.
   *   <li>It is closed together with {@link #stdout()}, whichever of the two is closed. From then
   *       on both throw {@link IOException}, and text that had already come is dropped. A {@link
   *       java.io.InputStreamReader} may still return text from its buffer.
   * </ul>
   *
   * @return always the same reader, over {@link #stdout()}
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public BufferedReader stdoutReader() {
    return communicator.streams().reader(StreamKind.STDOUT);
  }

  /**
   * Returns the child's stderr as text. The rules are those of {@link #stdoutReader()}.
   *
   * @return always the same reader, over {@link #stderr()}
   * @throws IllegalStateException if stderr is not a pipe, or {@code communicate} was called
   */
  public BufferedReader stderrReader() {
    return communicator.streams().reader(StreamKind.STDERR);
  }

  /**
   * Reads lines of stdout until one is wanted, for example until a server is ready.
   *
   * {@snippet file="ChildSnippets.java" region="awaitLine" :
   * Command<String> server = Command.shell("echo starting; echo ready on 8080; sleep 60").text();
   * try (Popen<String> child = server.captureOutput().killOnClose().start()) {
   *   String ready = child.awaitLine(line -> line.startsWith("ready"), Duration.ofSeconds(10));
   *   IO.println(ready); // ready on 8080
   * }
   * }
   *
   * <ul>
   *   <li>The lines are those of {@link #stdoutReader()}, which goes on after the last one read.
   *       {@code communicate} returns what follows that line.
   *   <li>The other output and the input keep moving meanwhile.
   *   <li>After a timeout the child lives on. Half a line is not consumed, and the next call goes
   *       on with it. {@link #close} kills the child unless something else is done with it first.
   * </ul>
   *
   * @param wanted is given each line, in order, on this thread
   * @param timeout if zero or negative, only the lines that have already come are checked
   * @return the first line for which {@code wanted} is true
   * @throws TimeoutExpiredException if no such line came in time
   * @throws SubprocessException if stdout ended before that. Its message has the end of the child,
   *     if that is known, and the last lines of a captured stderr, see {@link
   *     Command#stderrInMessages}
   * @throws IOException if the bytes are not text, or the stream failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if stdout is not a pipe, goes to a consumer, or is bounded; or if
   *     {@code communicate} was called
   */
  public String awaitLine(Predicate<? super String> wanted, Duration timeout)
      throws IOException, InterruptedException {
    return awaitLine(StreamName.STDOUT, wanted, timeout);
  }

  /**
   * Reads lines of one output until one is wanted. The rules are those of {@link
   * #awaitLine(Predicate, Duration)}.
   *
   * @param stream which output
   * @param wanted is given each line, in order, on this thread
   * @param timeout if zero or negative, only the lines that have already come are checked
   * @return the first line for which {@code wanted} is true
   * @throws TimeoutExpiredException if no such line came in time
   * @throws SubprocessException if the output ended before that
   * @throws IOException if the bytes are not text, or the stream failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if the output is not a pipe, goes to a consumer, or is bounded;
   *     or if {@code communicate} was called
   */
  public String awaitLine(StreamName stream, Predicate<? super String> wanted, Duration timeout)
      throws IOException, InterruptedException {
    Objects.requireNonNull(wanted, "predicate is null");
    Objects.requireNonNull(timeout, "timeout is null");
    return communicator.awaitLine(stream.kind(), wanted, timeout);
  }

  /**
   * Reads from the streams and readers of this child with a time limit, by any of their methods.
   *
   * {@snippet file="ChildSnippets.java" region="within" :
   * try (Popen<String> child = Command.of("cat").text().stdin(PIPE).stdout(PIPE).start()) {
   *   child.stdinWriter().write("a question\n");
   *   Duration limit = Duration.ofSeconds(5);
   *   IO.println(child.within(limit, () -> child.stdoutReader().readLine())); // a question
   *   child.stdinWriter().write("1234");
   *   byte[] number = child.within(limit, () -> child.stdout().readNBytes(4)); // all four, or none
   *   IO.println(number.length); // 4
   * }
   * }
   *
   * <ul>
   *   <li>The limit is for all reads in {@code read} together, by this thread from this child. They
   *       first send what was written. It is not for writes, and not for other calls.
   *   <li>A read that runs out of time has consumed nothing: the next one, and {@code communicate},
   *       begin with the same byte. {@code readNBytes} and {@code readAllBytes} take all or
   *       nothing. What earlier reads in {@code read} have returned is consumed.
   *   <li>After the limit, a read still gets what had come by then. So a child that never stops
   *       writing does not hide the limit, and a limit of 0 reads what is there.
   *   <li>Inside {@code read}, the read that runs out of time throws an {@link
   *       java.io.InterruptedIOException}. If {@code read} wraps it, this method finds it among the
   *       causes. An interrupt throws that class as well, and leaves the interrupt status set.
   *   <li>If one {@code within} contains another, the earlier limit counts.
   *   <li>After a timeout the child lives on. {@link #close} kills it unless something else is done
   *       with it first.
   * </ul>
   *
   * @param <R> what is read
   * @param <X> what {@code read} throws
   * @param timeout if zero or negative, only what is there is read
   * @param read runs on this thread
   * @return what {@code read} returns
   * @throws X what {@code read} throws for another reason
   * @throws TimeoutExpiredException if a read ran out of time; it holds the output so far that was
   *     not consumed, and its cause is what {@code read} threw
   */
  public <R extends @Nullable Object, X extends Exception> R within(
      Duration timeout, ScopedValue.CallableOp<? extends R, X> read)
      throws X, TimeoutExpiredException {
    Objects.requireNonNull(timeout, "timeout is null");
    Objects.requireNonNull(read, "read is null");
    return communicator.within(timeout, read);
  }

  // Signals.

  /**
   * Sends a signal to the child, but not to processes that it has started. It never reaches another
   * process, even if the system has reused the child's id.
   *
   * @param signal which one
   * @return false if the child had already ended
   * @throws UncheckedIOException if the system refused, which it may for a setuid program
   * @throws UnsupportedOperationException if this system has no such signal
   */
  public boolean sendSignal(Signal signal) {
    closeRule.answered();
    try {
      return ender.send(signal, Ending.Cause.CALLER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends a signal to the process group that the child leads. POSIX only. The child gets it, and so
   * does every process that it has started, except for those that have left the group.
   *
   * <p>The child leads a group if it was started with {@link PosixOptions#newSession} or with
   * {@link PosixOptions#processGroup processGroup(0)}.
   *
   * <p>The number of the group belongs to the child until its exit is collected. So this reaches
   * the child's group or no process. The exit is collected by a wait, and also in the background a
   * moment after the child has ended. From then on this does nothing.
   *
   * @param signal which one
   * @return false if the exit of the child was observed, or the group has no process left
   * @throws IllegalStateException if the child was not started as the leader of a group
   * @throws UncheckedIOException if the system refused
   * @throws UnsupportedOperationException if this system has no such signal, or no groups
   */
  public boolean sendSignalToGroup(Signal signal) {
    if (!leadsGroup) {
      throw new IllegalStateException(
          "the child leads no process group: use posix(o -> o.processGroup(0))");
    }
    closeRule.answered();
    try {
      return ender.sendToGroup(signal, Ending.Cause.CALLER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks the child to end, by SIGTERM. On Windows it kills the child, like {@link #kill}.
   *
   * @return false if the child had already ended
   * @throws UncheckedIOException if the system refused
   */
  public boolean terminate() {
    return sendSignal(Signal.SIGTERM);
  }

  /**
   * Kills the child, by SIGKILL. It does not wait for the exit. Processes that the child has
   * started live on: see {@link #killTree}.
   *
   * <p>On POSIX it takes no memory, so it works even if the heap is full.
   *
   * @return false if the child had already ended
   * @throws UncheckedIOException if the system refused
   */
  public boolean kill() {
    closeRule.answered();
    return ender.kill(Ending.Cause.CALLER);
  }

  /**
   * Kills the child and every process that it has started, and waits for their ends.
   *
   * {@snippet file="ChildSnippets.java" region="killTree" :
   * Command<byte[]> build = Command.shell("sleep 60 & sleep 60 & wait").killTree();
   * try (Popen<byte[]> child = build.start()) {
   *   List<ProcessHandle> left = child.killTree();
   *   IO.println(left.size() + " survived, exit code " + child.waitFor()); // 0, -9
   * }
   * }
   *
   * <ul>
   *   <li>It reaches all of them if {@link Command#killTree} was set, which says how.
   *   <li>Otherwise it reaches the descendants that can be found by parenthood. It misses a process
   *       whose parent has ended. It does nothing once the exit of the child was observed.
   *   <li>It never reaches a process that the child has not started.
   *   <li>After the exit of the child, and after {@link #close}, it kills what the child has left
   *       behind. macOS does not show that.
   *   <li>It takes at most about two seconds. An interrupt does not shorten that, and stays
   *       pending.
   * </ul>
   *
   * @return the processes that survived, because the system refused or they had not ended in time;
   *     empty if there are none; immutable
   * @throws UncheckedIOException if the processes could not be looked for; the child was killed
   */
  @CanIgnoreReturnValue
  public List<ProcessHandle> killTree() {
    closeRule.answered();
    return ender.killTree(Ending.Cause.CALLER);
  }

  /**
   * Ends the child: asks it to end by SIGTERM (or {@link Command#stopSignal}), gives it time, then
   * kills it. The output keeps moving meanwhile, and is there for {@link #communicate()}
   * afterwards.
   *
   * <p>On Windows the child is asked by a CTRL_BREAK event, where {@link Command#grace} would ask.
   * Otherwise it is killed at once.
   *
   * @param grace how long it may take; if zero or negative, the child is killed at once
   * @return how it ended; {@link #ending} tells whether it had to be killed
   * @throws UncheckedIOException if the system refused to kill it; then this does not wait
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted; the child may have been asked, and
   *     not been killed
   * @throws IllegalStateException if this was closed before the exit was observed
   */
  public ExitStatus stop(Duration grace) throws IOException, InterruptedException {
    Objects.requireNonNull(grace, "grace is null");
    closeRule.answered();
    boolean ended = exit.look() ? !ender.endsTree() : ender.ask(Ending.Cause.CALLER, grace);
    if (!ended) {
      killPersistently(Ending.Cause.CALLER);
      exit.await(Deadline.never());
    }
    return status();
  }

  /**
   * Returns what ended the child, and the signals that were sent.
   *
   * @return never null; a signal that was sent while the child was about to exit may count as the
   *     reason
   * @throws IllegalStateException if the exit has not been observed yet
   */
  public Ending ending() {
    return signals.ending(status());
  }

  /**
   * Returns what the child has used.
   *
   * <p>Python: {@code os.wait4} in place of {@code Popen.wait}.
   *
   * @return empty if other code of this process collected the exit, or the system does not tell
   * @throws IllegalStateException if the exit has not been observed yet
   */
  public Optional<ResourceUsage> usage() {
    ExitStatus _ = status();
    return Optional.ofNullable(conversation.usage()).map(ResourceUsage::of);
  }

  /** The signals that were sent, for {@link CompletedProcess}. */
  SignalLog signals() {
    return signals;
  }

  /** As {@link #usage}, for {@link CompletedProcess}. */
  @Nullable Usage rawUsage() {
    return conversation.usage();
  }

  /** As {@link #ending}; null if the exit has not been observed. */
  @Nullable Ending endingIfKnown() {
    ExitStatus status = ExitNumbers.status(conversation);
    return status == null ? null : signals.ending(status);
  }

  // The rest.

  /**
   * Returns the process id.
   *
   * @return the id that the system gave; it may belong to another process once the exit was
   *     observed
   */
  public long pid() {
    return conversation.pid();
  }

  /**
   * Returns the program and its arguments, for display only.
   *
   * @return the list of {@link Command#argv}; immutable
   */
  public List<String> args() {
    return label.args();
  }

  /**
   * Returns the JDK's view of the child. It does not give access to the exit code or the streams.
   *
   * @return a handle; always the same
   * @throws IllegalStateException if the exit was observed before the first call of this method
   */
  public ProcessHandle toHandle() {
    ProcessHandle known = handle;
    if (known == null) {
      known = ProcessHandle.of(pid()).orElse(null);
      if (known == null || conversation.status() != null) { // the id may be another's by now
        throw new IllegalStateException("the child has ended: call toHandle while it runs");
      }
      handle = known;
    }
    return known;
  }

  /**
   * Closes the pipes and waits for the child, as Python's {@code with} does. A second call does
   * nothing, and returns at once even if the first is still waiting on another thread.
   *
   * <p>It kills the child first if
   *
   * <ul>
   *   <li>{@link Command#killOnClose} was set; or
   *   <li>the last timed call threw {@link TimeoutExpiredException}, and the child was not used
   *       since. The same applies to {@link OutputLimitException}, and to a file of {@link
   *       Redirect#spillTo} that could not be written. Waiting, polling, communicating and sending
   *       a signal are uses. Using a stream counts only on the thread that received the exception.
   *       A call of {@link #onExit} does not count.
   * </ul>
   *
   * <p>The reason for the second rule: Java closes the resource of a {@code try} statement before
   * its {@code catch} block, which can no longer reach the child.
   *
   * <p>It waits for the exit unless
   *
   * <ul>
   *   <li>the last {@code communicate}, or the last wait for the exit, was interrupted or
   *       cancelled;
   *   <li>this thread is interrupted (its interrupt status stays set); or
   *   <li>the system refused to kill the child, or the last signal that was to end it. The child
   *       may live for ever, and the exception of that call must reach its {@code catch} block.
   * </ul>
   *
   * <p>The exit is then collected in the background.
   *
   * <p>A later read of {@link #stdout} or {@link #stderr} throws {@link IOException} if no call had
   * seen the end of that output. If one had, the read returns what is left, and then the end.
   *
   * <p>Bytes that were written to {@link #stdin()} and not flushed are sent first, unless the child
   * is killed. They are discarded, too, if the last {@code communicate} or wait was interrupted or
   * cancelled, or if the system refused to end the child.
   *
   * @throws IOException in one of these cases, in each of which everything is closed:
   *     <ul>
   *       <li>The child's stdin has no reader, and there are bytes that were not flushed.
   *       <li>This thread is interrupted, and the pipe does not accept all of these bytes at once.
   *           The rest is discarded.
   *       <li>The text written to {@link #stdinWriter} ends in an incomplete character.
   *       <li>Waiting failed.
   *     </ul>
   */
  @Override
  public void close() throws IOException {
    if (communicator.close()) {
      finishClose();
    }
  }

  /** The rest of {@link #close}, once no call of communicate can begin. */
  void finishClose() throws IOException {
    CloseRule.Decision decision = closeRule.decide();
    boolean waits = decision.mayWait() && !decision.mustKill(); // nor if an error ends the kill
    try {
      try {
        if (decision.mustKill()) {
          conversation.keepUnsent();
          askBeforeClose();
        }
        if (decision.mustKill() ? !tryKill() : signals.isRefused()) {
          decision = decision.killRefused();
        }
        waits = decision.mayWait();
      } finally {
        closePipes(decision.mayFlush());
      }
    } catch (Error e) {
      waits &= conversation.hasNoOpenPipe(); // or the child may wait for the end of its input
      throw e;
    } finally {
      try {
        if (waits) {
          conversation.awaitExit(Deadline.never());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        conversation.abandon();
      }
    }
  }

  private void askBeforeClose() {
    try {
      if (!Thread.currentThread().isInterrupted()) {
        ender.askWithGrace(Ending.Cause.CLOSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryKill() {
    try {
      killPersistently(Ending.Cause.CLOSE);
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /**
   * Ends the child even if something fails for a moment. On Windows the kill needs a little memory,
   * which another thread may give back soon.
   *
   * @throws UncheckedIOException if the system refused
   */
  void killPersistently(Ending.Cause cause) {
    for (int tries = 1; ; tries++) {
      try {
        ender.end(cause);
        return;
      } catch (UncheckedIOException refused) {
        throw refused;
      } catch (RuntimeException e) {
        Persistently.pause(e, tries);
      } catch (Error e) {
        Persistently.pause(e, tries);
      }
    }
  }

  /** In Python's order. Flushing may fail and is then reported, but everything is closed. */
  private void closeStdin() throws IOException {
    StreamAccess streams = communicator.usedStreams();
    if (streams != null) {
      streams.closeStdin();
    }
  }

  private void closePipes(boolean flush) throws IOException {
    try {
      conversation.close(StreamKind.STDOUT, StreamKind.STDERR);
    } finally {
      try {
        if (flush) {
          closeStdin();
        }
      } finally {
        conversation.close(StreamKind.STDIN);
      }
    }
  }

  /**
   * Explains where the child and the calls on it stand, for a person who asks why they hang.
   *
   * {@snippet file="ChildSnippets.java" region="explain" :
   * try (Popen<byte[]> child = Command.of("sleep", "60").captureOutput().killOnClose().start()) {
   *   CompletableFuture<?> hanging = child.communicateAsync(Duration.ofMinutes(5));
   *   IO.println(child.explain()); // command "sleep", process 4711: lives, and waits ...
   *   hanging.cancel(true);
   * }
   * }
   *
   * <p>The text has several lines:
   *
   * <ul>
   *   <li>what the child does: runs, waits, is stopped, has ended;
   *   <li>for each pipe: whether it has ended, and the bytes that were taken or received, that are
   *       unsent, and that are in the pipe;
   *   <li>on Linux, the processes that hold the other end of each pipe;
   *   <li>each thread that is in a call on this child, where it was called, and until when it
   *       waits;
   *   <li>which deadline comes next: total, idle timeout, drain or grace;
   *   <li>hints, where these facts allow one.
   * </ul>
   *
   * <p>It changes nothing, collects no exit, and does not wait for the call that hangs. So any
   * thread may call it at any time, in any state of the child, after {@link #close} as well. On
   * Linux it looks at all processes, which takes milliseconds, or a second if there are thousands.
   *
   * <p>It has no arguments, nothing of the environment, and no byte of input or output. It names
   * methods of this program. What it shows beyond that differs between systems and versions: do not
   * parse it.
   *
   * @return never empty, without a line end
   */
  public String explain() {
    return Explanation.of(label(), conversation);
  }

  /**
   * Describes the child without its arguments, which may be secret.
   *
   * @return the program, the process id and the exit code
   */
  @Override
  public String toString() {
    ExitStatus status = ExitNumbers.status(conversation);
    String name = VisibleText.of(label.name());
    return "Popen["
        + (name.length() > 80 ? name.substring(0, 77) + "..." : name)
        + ", pid "
        + pid()
        + ", returncode: "
        + (status == null ? "none" : Integer.toString(status.returncode()))
        + "]";
  }
}
