package io.github.jpopen;

import io.github.jpopen.input.ArrayInput;
import io.github.jpopen.input.ChannelStream;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.input.MappedInput;
import io.github.jpopen.input.MemoryInput;
import io.github.jpopen.input.PumpedInput;
import io.github.jpopen.text.ErrorPolicy;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What is sent to a child's stdin.
 *
 * {@snippet file="CommandSnippets.java" region="input" :
 * Command<String> cat = Command.of("cat").text();
 * String fromText = cat.input("some text").checkOutput();
 * String fromFile = cat.input(Input.file(file)).checkOutput(); // mapped, not copied
 * Input reopened = Input.stream(() -> Files.newInputStream(file)); // once for every child
 * String fromStream = cat.input(reopened).checkOutput();
 * }
 *
 * <ul>
 *   <li>{@code of} copies its argument; {@code wrap} does not. Wrapped memory must stay unchanged
 *       until the child has received all of it.
 *   <li>An input can be used for many children, except for that of {@link #stream(InputStream)} and
 *       {@link #channel}.
 *   <li>Its memory, file or stream is opened when a call begins to communicate. A one-shot call
 *       does that before it starts the child.
 * </ul>
 *
 * <p>Immutable and thread-safe, except for what it wraps.
 *
 * @since 0.1
 */
public final class Input {
  private interface Opener {
    InputSource open(TextEncoder encoder) throws IOException, InterruptedException;
  }

  /** How long opening may take. */
  private enum Opening {
    AT_ONCE,
    /** It may block. */
    SLOWLY,
    /** It runs code of the user. */
    BY_THE_USER
  }

  private final Opener opener;
  private final Opening how;

  private Input(Opener opener) {
    this(opener, Opening.AT_ONCE);
  }

  private Input(Opener opener, Opening how) {
    this.opener = opener;
    this.how = how;
  }

  InputSource open(TextEncoder encoder) throws IOException, InterruptedException {
    return opener.open(encoder);
  }

  /** Whether opening may block, or runs code of the user. */
  boolean opensSlowly() {
    return how != Opening.AT_ONCE;
  }

  /** Whether the user's code opens this. A call that is given up meanwhile has not had it. */
  boolean isOpenedByUser() {
    return how == Opening.BY_THE_USER;
  }

  /**
   * Returns an input without bytes: the child sees the end of file at once.
   *
   * @return the input
   */
  public static Input empty() {
    return new Input(encoder -> MemoryInput.of(new byte[0]));
  }

  /**
   * Returns bytes as input.
   *
   * @param bytes copied now, so they may be changed afterwards
   * @return the input
   */
  public static Input of(byte[] bytes) {
    return wrap(Objects.requireNonNull(bytes, "bytes is null").clone());
  }

  /**
   * Bytes that are copied within the call that they are given to, so that its deadline covers that.
   */
  static Input copied(byte[] bytes) {
    Objects.requireNonNull(bytes, "input is null");
    return new Input(encoder -> MemoryInput.of(bytes.clone()));
  }

  /** What was opened before it is known which child gets it. */
  static Input opened(InputSource source) {
    return new Input(encoder -> source);
  }

  /**
   * Returns text as input, in the charset of {@link Command#text(Charset)}, or in UTF-8.
   *
   * @param text encoded when a call begins to communicate, which throws {@link
   *     IllegalArgumentException} if it cannot be encoded
   * @return the input
   */
  public static Input of(String text) {
    Objects.requireNonNull(text, "text is null");
    return new Input(encoder -> MemoryInput.of(encoder.encode(text)));
  }

  /**
   * Returns text as input, in a charset of its own.
   *
   * @param text encoded now
   * @param charset to encode with
   * @return the input
   * @throws IllegalArgumentException if the text cannot be encoded
   */
  public static Input of(String text, Charset charset) {
    Objects.requireNonNull(text, "text is null");
    Objects.requireNonNull(charset, "charset is null");
    return wrap(TextEncoder.of(new TextMode(charset, ErrorPolicy.STRICT)).encode(text));
  }

  /**
   * Returns bytes as input, without copying them.
   *
   * @param bytes must not change until the child has received them
   * @return the input
   */
  public static Input wrap(byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes is null");
    return new Input(encoder -> MemoryInput.of(bytes));
  }

  /**
   * Returns the bytes between a buffer's position and limit as input, without copying them. The
   * position does not change.
   *
   * @param buffer its content must not change until the child has received it
   * @return the input
   */
  public static Input wrap(ByteBuffer buffer) {
    return wrap(MemorySegment.ofBuffer(buffer));
  }

  /**
   * Returns all bytes of a segment as input, without copying them.
   *
   * @param memory must not change until the child has received it, nor may its arena be closed;
   *     read by the thread in {@code communicate}
   * @return the input
   */
  public static Input wrap(MemorySegment memory) {
    Objects.requireNonNull(memory, "memory is null");
    return new Input(encoder -> new MemoryInput(memory));
  }

  /**
   * Returns the content of a file as input. A regular file is mapped, not copied.
   *
   * <ul>
   *   <li>Anything else (a FIFO, a device), and a file that cannot be mapped, is read by a daemon
   *       thread like {@link #stream(InputStream)}. It cannot delay a timeout.
   *   <li>The daemon thread that waits for the writer of a FIFO keeps waiting when the call has
   *       ended.
   *   <li>A file that becomes shorter while it is sent fails the call. What is appended meanwhile
   *       is not sent.
   * </ul>
   *
   * @param file opened when a call begins to communicate, which refuses a directory; a relative
   *     path means the same as in {@link Command#cwd}
   * @return the input
   */
  public static Input file(Path file) {
    Objects.requireNonNull(file, "file is null");
    return new Input(encoder -> MappedInput.open(file), Opening.SLOWLY);
  }

  /**
   * Returns everything that a stream delivers as input, once.
   *
   * <ul>
   *   <li>A daemon thread reads the stream, so a slow stream delays no timeout. A {@link
   *       ByteArrayInputStream} needs no thread.
   *   <li>{@code communicate} throws the stream's failure. The child never sees it as end of file.
   *   <li>The thread reads at most six buffers of 64 KiB ahead of the child.
   *   <li>Bytes that were read ahead and not taken by the child are lost to later readers of the
   *       stream (for example of {@code System.in}).
   *   <li>A read that is still blocked when the child ends is not interrupted, because that would
   *       close a socket. It consumes the next bytes of the stream. Only streams of another child
   *       are exempt: their read is interrupted and consumes nothing.
   * </ul>
   *
   * <p>{@link Redirect#INHERIT} reads nothing ahead.
   *
   * @param source left open
   * @return the input; using it again throws {@link IllegalStateException}, unless the first child
   *     could not be started
   */
  public static Input stream(InputStream source) {
    Objects.requireNonNull(source, "source is null");
    return once(
        unused ->
            source.getClass() == ByteArrayInputStream.class
                ? new ArrayInput((ByteArrayInputStream) source, unused)
                : PumpedInput.leftOpen(source, unused));
  }

  /** An input for one child. Its source runs the action if not a byte of it was asked for. */
  private static Input once(Function<Runnable, InputSource> source) {
    AtomicBoolean used = new AtomicBoolean();
    return new Input(
        encoder -> {
          if (used.getAndSet(true)) {
            throw new IllegalStateException(
                "this input was used before: for many children use stream(Callable)");
          }
          return source.apply(() -> used.set(false));
        });
  }

  /**
   * Returns everything that a stream delivers as input. The stream is opened anew for every child.
   *
   * <ul>
   *   <li>It is read like that of {@link #stream(InputStream)}.
   *   <li>It is closed at its end, before the child sees the end of file. What {@code close} throws
   *       is ignored.
   *   <li>When the child takes no more, the thread that reads is interrupted and closes the stream.
   * </ul>
   *
   * @param source opens the stream when a call begins to communicate
   * @return the input
   */
  public static Input stream(Callable<? extends InputStream> source) {
    Objects.requireNonNull(source, "source is null");
    return new Input(encoder -> closedAfterwards(call(source)), Opening.BY_THE_USER);
  }

  /**
   * Returns everything that a channel delivers as input, once. The channel is read from its
   * position on, as a stream is by {@link #stream(InputStream)}.
   *
   * {@snippet file="CommandSnippets.java" region="channel" :
   * try (FileChannel channel = FileChannel.open(file)) {
   *   Input afterHeader = Input.channel(channel.position(5));
   *   IO.println(Command.of("cat").text().input(afterHeader).checkOutput()); // text
   * }
   * }
   *
   * <ul>
   *   <li>The channel is the caller's: it is neither closed nor interrupted, because an interrupt
   *       would close it. A read that blocks ends when something comes, or when the caller closes
   *       the channel. While the input is wanted, that close fails the call.
   *   <li>After the call, the position of a {@link java.nio.channels.FileChannel} is behind what
   *       was read ahead. {@link #file} is faster for a whole file, because it is mapped.
   *   <li>A channel that is set to non-blocking mode later fails the call. So does one that returns
   *       another number than that of the bytes that it has put into the buffer.
   * </ul>
   *
   * @param source in blocking mode; left open
   * @return the input; using it again throws {@link IllegalStateException}, unless the first child
   *     could not be started
   * @throws IllegalBlockingModeException if the channel is in non-blocking mode
   */
  public static Input channel(ReadableByteChannel source) {
    Objects.requireNonNull(source, "source is null");
    if (source instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    return once(unused -> PumpedInput.leftOpen(new ChannelStream(source), unused));
  }

  /**
   * Returns everything that a publisher sends as input. It is subscribed to anew for every child,
   * when a call begins to communicate.
   *
   * {@snippet file="CommandSnippets.java" region="publisher" :
   * Flow.Publisher<ByteBuffer> body = HttpRequest.BodyPublishers.ofString("b\na\n");
   * IO.print(Command.of("sort").text().input(Input.publisher(body)).checkOutput()); // a, b
   * }
   *
   * <ul>
   *   <li>One buffer is requested at a time, and the next one when all of it was copied. In
   *       addition to it, at most six pieces of 64 KiB wait for the child.
   *   <li>{@code communicate} throws what is given to {@code onError}, after all bytes that came
   *       before. The child never sees it as end of file.
   *   <li>A daemon thread subscribes, requests and cancels, so a publisher that calls back within
   *       these delays no timeout.
   *   <li>When the child takes no more, that thread is interrupted and cancels. Buffers that come
   *       later are ignored.
   *   <li>A publisher that sends null, or more than was requested, fails the call. A second
   *       subscription is cancelled.
   *   <li>A {@link java.util.concurrent.SubmissionPublisher} sends only what is submitted after it
   *       was subscribed to.
   * </ul>
   *
   * @param source its buffers must not change until the next is requested; their positions stay
   * @return the input
   */
  public static Input publisher(Flow.Publisher<? extends ByteBuffer> source) {
    Objects.requireNonNull(source, "source is null");
    return new Input(encoder -> PumpedInput.published(source));
  }

  private static InputSource closedAfterwards(InputStream source) {
    return source.getClass() == ByteArrayInputStream.class
        ? new ArrayInput((ByteArrayInputStream) source, () -> {})
        : PumpedInput.closed(source);
  }

  private static InputStream call(Callable<? extends InputStream> source)
      throws IOException, InterruptedException {
    try {
      return Objects.requireNonNull(source.call(), "the source of the input returned null");
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the source of the input could not be opened", e);
    }
  }
}
