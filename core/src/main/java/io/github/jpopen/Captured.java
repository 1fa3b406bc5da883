package io.github.jpopen;

import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.Snapshot;
import io.github.jpopen.text.ErrorPolicy;
import io.github.jpopen.text.TextMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The output of one stream at the moment of a failure. All exceptions hold it, so that no failure
 * loses output.
 *
 * {@snippet file="FailureSnippets.java" region="captured" :
 * try {
 *   Command.shell("echo some; exec sleep 60")
 *       .captureOutput()
 *       .timeout(Duration.ofMillis(500))
 *       .run();
 * } catch (TimeoutExpiredException e) {
 *   Captured output = e.stdout();
 *   IO.println(output); // 5 bytes: the size, never the content
 *   IO.print(output.text()); // some
 *   try (OutputStream out = Files.newOutputStream(log)) {
 *     output.writeTo(out);
 *   }
 * }
 * }
 *
 * <p>Arrays and text are built only when a method is called. Immutable, with one exception: {@link
 * CompletedProcess#checkReturncode} throws an exception that shares the array or memory of {@link
 * CompletedProcess#stdout}, so as not to keep a large output twice.
 *
 * <p>Any thread may read it at any time, except for memory in an arena. After {@link
 * Command#offHeap}, the following stays in the caller's arena:
 *
 * <ul>
 *   <li>more than 1 MiB of a stream;
 *   <li>less than that, if the thread that threw may not access the arena.
 * </ul>
 *
 * <p>It can be read only while that arena is open, and only by its thread if it is confined.
 * Otherwise {@link #bytes}, {@link #text()} and {@link #writeTo} throw {@link
 * IllegalStateException}.
 *
 * @since 0.1
 */
public final class Captured {
  static final Captured NOTHING = new Captured(null, true, null);

  private final @Nullable Snapshot snapshot;
  private final boolean ended;
  private final @Nullable TextMode mode;

  /** With {@code ended} if nothing can follow. */
  Captured(@Nullable Snapshot snapshot, boolean ended, @Nullable TextMode mode) {
    this.snapshot = snapshot;
    this.ended = ended;
    this.mode = mode;
  }

  /**
   * Returns whether the output was captured.
   *
   * @return true even if nothing was received; false if the stream was not a pipe, or went to
   *     consumers only
   */
  public boolean isCaptured() {
    return snapshot != null;
  }

  /**
   * Returns whether the stream had ended: nothing more could follow.
   *
   * @return true if it was not captured
   */
  public boolean isComplete() {
    return ended;
  }

  /**
   * Returns the size of the output.
   *
   * @return the number of bytes; 0 if it was not captured
   */
  public long size() {
    return snapshot == null ? 0 : snapshot.size();
  }

  /**
   * Returns how much of the output was not kept, see {@link Redirect#head}, {@link Redirect#tail},
   * {@link Redirect#headAndTail} and {@link Redirect#limit}.
   *
   * @return bytes, usually 0
   */
  public long omitted() {
    return snapshot == null ? 0 : snapshot.omitted();
  }

  /**
   * Returns the file that has the output, see {@link Redirect#spillTo}. The other methods read it.
   *
   * @return empty if the output is in memory
   */
  public Optional<Path> file() {
    return snapshot == null ? Optional.empty() : Optional.ofNullable(snapshot.file());
  }

  /**
   * Returns the output as bytes.
   *
   * @return a new array; empty if the output was not captured
   * @throws IllegalStateException if it is larger than an array can hold (use {@link #writeTo}), or
   *     in an arena that is closed or confined to another thread
   * @throws UncheckedIOException if it is in a {@link #file} that cannot be read
   */
  public byte[] bytes() {
    if (size() > OutputBuffer.LARGEST_ARRAY) {
      throw new IllegalStateException(
          size() + " bytes are more than an array can hold: use writeTo");
    }
    ExactArray out = new ExactArray((int) size());
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array cannot fail, but a file can
    }
    return out.array();
  }

  /** An array that is handed out without a copy if it is full. */
  private static final class ExactArray extends ByteArrayOutputStream {
    ExactArray(int size) {
      super(size);
    }

    byte[] array() {
      return count == buf.length ? buf : toByteArray();
    }
  }

  /**
   * Returns the output as text, in the charset of {@link Command#text(Charset)}, or in UTF-8. This
   * never fails because of the bytes:
   *
   * <ul>
   *   <li>Malformed bytes follow the {@link TextErrors} of the command, but are replaced where
   *       those would fail.
   *   <li>Newlines are those of {@link Command#text(Charset, TextErrors)}.
   *   <li>If more output may follow, an incomplete character or a {@code "\r"} at the end is
   *       omitted. If the stream has ended, the text is complete.
   *   <li>If a reader has consumed bytes before, text in a stateful charset (a byte order mark,
   *       shift sequences) may start with wrong characters. The result of {@code communicate} does
   *       not.
   * </ul>
   *
   * @return empty if the output was not captured
   * @throws IllegalStateException if {@link #bytes} would throw it
   * @throws UncheckedIOException if {@link #bytes} would throw it
   */
  public String text() {
    return decode(TextMode.orUtf8(mode));
  }

  /**
   * Returns the output as text in another charset. Malformed bytes are replaced.
   *
   * @param charset to decode with
   * @return empty if the output was not captured
   * @throws IllegalStateException if {@link #bytes} would throw it
   * @throws UncheckedIOException if {@link #bytes} would throw it
   */
  public String text(Charset charset) {
    return decode(new TextMode(charset, ErrorPolicy.REPLACE));
  }

  /** Decodes a part of the output, which may begin in the middle of a character. */
  String decode(byte[] part) {
    return decode(TextMode.orUtf8(mode), part);
  }

  private String decode(TextMode how) {
    byte[] all = bytes();
    if (snapshot == null || snapshot.gap() == Snapshot.NO_GAP) {
      return decode(how, all);
    }
    int gap = (int) snapshot.gap();
    return how.decodePrefix(all, gap)
        + how.decodeLenientlyAfterGap(all, gap, snapshot.resumesAt(), ended);
  }

  private String decode(TextMode how, byte[] bytes) {
    return ended ? how.decodeLeniently(bytes, bytes.length) : how.decodePrefix(bytes, bytes.length);
  }

  /**
   * Writes the output to a stream, whatever its size is.
   *
   * @param out neither flushed nor closed
   * @throws IOException if {@code out} throws it, or the {@link #file} cannot be read
   * @throws IllegalStateException if the output is in an arena that is closed or confined to
   *     another thread; a part may have been written
   */
  public void writeTo(OutputStream out) throws IOException {
    if (snapshot != null) {
      snapshot.writeTo(out);
    }
  }

  /**
   * Describes the output without its content.
   *
   * @return the number of bytes, and of those that were not kept
   */
  @Override
  public String toString() {
    if (!isCaptured()) {
      return "not captured";
    }
    String kept = Output.count(size(), "byte");
    return omitted() == 0 ? kept : kept + " and " + Output.count(omitted(), "byte") + " omitted";
  }
}
