package io.github.jpopen;

import io.github.jpopen.conversation.InputSource;
import io.github.jpopen.conversation.MappedInput;
import io.github.jpopen.conversation.MemoryInput;
import io.github.jpopen.conversation.PumpedInput;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is sent to a child's stdin. Reusable for many children, but for {@link
 * #stream(InputStream)}.
 *
 * <p>{@code of} copies, {@code wrap} does not: the memory must stay unchanged until the child has
 * it all.
 */
public final class Input {
  private interface Opener {
    InputSource open(TextEncoder encoder) throws IOException, InterruptedException;
  }

  private final Opener opener;
  private final boolean slowly;

  private Input(Opener opener) {
    this(opener, false);
  }

  private Input(Opener opener, boolean slowly) {
    this.opener = opener;
    this.slowly = slowly;
  }

  InputSource open(TextEncoder encoder) throws IOException, InterruptedException {
    return opener.open(encoder);
  }

  /** Whether opening may block, or runs code of the user. */
  boolean opensSlowly() {
    return slowly;
  }

  /**
   * No bytes: the child sees the end of file at once.
   *
   * @return the input
   */
  public static Input empty() {
    return new Input(encoder -> MemoryInput.of(new byte[0]));
  }

  /**
   * Bytes, copied now.
   *
   * @param bytes may be changed afterwards
   * @return the input
   */
  public static Input of(byte[] bytes) {
    return wrap(Objects.requireNonNull(bytes, "bytes").clone());
  }

  /**
   * Bytes that are copied within the call that they are given to, so that its deadline covers that.
   */
  static Input copied(byte[] bytes) {
    Objects.requireNonNull(bytes, "input");
    return new Input(encoder -> MemoryInput.of(bytes.clone()));
  }

  /** What was opened before it is known which child gets it. */
  static Input opened(InputSource source) {
    return new Input(encoder -> source);
  }

  /**
   * Text in the charset of the command, or UTF-8 if it has none.
   *
   * @param text encoded when the conversation begins; an {@link IllegalArgumentException} then, if
   *     it cannot be
   * @return the input
   */
  public static Input of(String text) {
    Objects.requireNonNull(text, "text");
    return new Input(encoder -> MemoryInput.of(encoder.encode(text)));
  }

  /**
   * Text in a charset of its own.
   *
   * @param text encoded now
   * @param charset to encode with
   * @return the input
   * @throws IllegalArgumentException if it cannot be encoded
   */
  public static Input of(String text, Charset charset) {
    return wrap(TextEncoder.of(new TextMode(charset, TextErrors.STRICT)).encode(text));
  }

  /**
   * Bytes, not copied.
   *
   * @param bytes not to be changed until the child has them
   * @return the input
   */
  public static Input wrap(byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes");
    return new Input(encoder -> MemoryInput.of(bytes));
  }

  /**
   * The bytes between a buffer's position and limit, not copied. The buffer's position does not
   * move.
   *
   * @param buffer its content is not to be changed until the child has it
   * @return the input
   */
  public static Input wrap(ByteBuffer buffer) {
    return wrap(MemorySegment.ofBuffer(buffer));
  }

  /**
   * All bytes of a segment, not copied.
   *
   * @param memory not to be changed, nor its arena closed, until the child has it; read on the
   *     thread in {@code communicate}
   * @return the input
   */
  public static Input wrap(MemorySegment memory) {
    Objects.requireNonNull(memory, "memory");
    return new Input(encoder -> new MemoryInput(memory));
  }

  /**
   * The content of a file, mapped and not copied.
   *
   * <p>What is no regular file (a FIFO, a device) is opened and read as {@link
   * #stream(InputStream)} reads, so that no timeout waits for it; and so is what cannot be mapped.
   * Who waits for a FIFO's writer is a daemon thread, which goes on waiting when the call has
   * ended.
   *
   * @param file opened when the conversation begins; a file that becomes shorter meanwhile fails
   *     the conversation
   * @return the input
   */
  public static Input file(Path file) {
    Objects.requireNonNull(file, "file");
    return new Input(encoder -> MappedInput.open(file), true);
  }

  /**
   * Everything that comes from a stream, once.
   *
   * <p>Read by a daemon thread of its own, so a slow stream delays no timeout; by a virtual one if
   * the stream is that of another child. An error of the stream is reported by {@code communicate}
   * and never looks like the end of the input to the child.
   *
   * <p>It is read ahead of the child, by at most six buffers of 64 KiB. What was read and the child
   * did not take before its end is lost to the next reader of the stream, {@code System.in} for
   * one; and a {@code read} that blocks then still takes what comes next: it is not interrupted,
   * because that would close a socket; only that of another child is, and takes nothing. {@link
   * Redirect#INHERIT} reads nothing ahead.
   *
   * @param source left open
   * @return the input; a second use is an {@link IllegalStateException}, unless the child of the
   *     first could not be started
   */
  public static Input stream(InputStream source) {
    Objects.requireNonNull(source, "source");
    AtomicBoolean used = new AtomicBoolean();
    return new Input(
        encoder -> {
          if (used.getAndSet(true)) {
            throw new IllegalStateException("this input stream was used already");
          }
          return PumpedInput.leftOpen(source, () -> used.set(false));
        });
  }

  /**
   * Everything that comes from a stream that is opened anew for every child.
   *
   * <p>Read as by {@link #stream(InputStream)}. When the child wants no more the thread that reads
   * is interrupted, and closes the stream.
   *
   * @param source opens it when the conversation begins. The stream is closed at its end, before
   *     the child sees that; what {@code close} throws is ignored
   * @return the input
   */
  public static Input stream(Callable<? extends InputStream> source) {
    Objects.requireNonNull(source, "source");
    return new Input(encoder -> PumpedInput.closed(call(source)), true);
  }

  private static InputStream call(Callable<? extends InputStream> source)
      throws IOException, InterruptedException {
    try {
      return Objects.requireNonNull(source.call(), "the stream of the input");
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the source of the input could not be opened", e);
    }
  }
}
