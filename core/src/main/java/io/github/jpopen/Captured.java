package io.github.jpopen;

import io.github.jpopen.conversation.OutputBuffer;
import io.github.jpopen.conversation.Snapshot;
import io.github.jpopen.text.TextMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What had come on one stream at some moment. Arrays and text are built only when asked for.
 *
 * <p>Immutable, with one exception: what {@link CompletedProcess#checkReturncode} throws holds the
 * very array or memory that {@link CompletedProcess#stdout} handed out before, so as not to keep
 * large outputs twice.
 *
 * <p>Held by the exceptions, so that no failure loses output. Any thread may read it, at any time,
 * with one reservation: after {@link Command#offHeap}, more than 1 MiB of a stream stays in the
 * caller's arena, as does less if the thread that threw may not touch the arena. That can be read
 * only while the arena is open, and by its thread if it is confined; {@link #bytes}, {@link
 * #text()} and {@link #writeTo} throw {@link IllegalStateException} otherwise.
 */
public final class Captured {
  static final Captured NOTHING =
      new Captured(null, true, new TextMode(StandardCharsets.UTF_8, TextErrors.REPLACE));

  private final @Nullable Snapshot snapshot;
  private final boolean ended;
  private final TextMode mode;

  /** With {@code ended} if nothing can follow. */
  Captured(@Nullable Snapshot snapshot, boolean ended, TextMode mode) {
    this.snapshot = snapshot;
    this.ended = ended;
    this.mode = mode;
  }

  /**
   * Whether the stream was a pipe.
   *
   * @return true also if nothing came on it
   */
  public boolean isCaptured() {
    return snapshot != null;
  }

  /**
   * How much it is.
   *
   * @return bytes; 0 if not captured
   */
  public long size() {
    return snapshot == null ? 0 : snapshot.size();
  }

  /**
   * The bytes, in a new array.
   *
   * @return empty if not captured
   * @throws IllegalStateException if it is more than an array holds, use {@link #writeTo} then; or
   *     if it lies in an arena that is closed, or confined to another thread
   */
  public byte[] bytes() {
    if (size() > OutputBuffer.LARGEST_ARRAY) {
      throw new IllegalStateException(size() + " bytes are more than an array holds: use writeTo");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) size());
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array cannot fail
    }
    return out.toByteArray();
  }

  /**
   * The bytes as text in the command's charset, or in UTF-8 if it had none.
   *
   * <p>Best effort: what is malformed is replaced unless the command says otherwise, newlines are
   * as in {@link Command#text()}. While the stream may go on, what may be half of something is left
   * out at the end: a character that is cut, and a {@code "\r"}. All of a stream that has ended is
   * there, as in the result of {@code communicate} or {@code run}. It knows nothing of what a
   * reader has taken before: where a charset keeps a state, such as a byte order mark or a shift,
   * the text may begin wrong then. The result of {@code communicate} does not.
   *
   * @return empty if not captured
   * @throws IllegalStateException as {@link #bytes}
   */
  public String text() {
    return decode(mode);
  }

  /**
   * The bytes as text.
   *
   * @param charset to decode with
   * @return as {@link #text()}
   * @throws IllegalStateException as {@link #bytes}
   */
  public String text(Charset charset) {
    return decode(new TextMode(charset, TextErrors.REPLACE));
  }

  private String decode(TextMode how) {
    byte[] bytes = bytes();
    return ended ? how.decodeLeniently(bytes, bytes.length) : how.decodePrefix(bytes, bytes.length);
  }

  /**
   * Writes the bytes, of whatever size, to a stream.
   *
   * @param out neither flushed nor closed
   * @throws IOException what {@code out} throws
   * @throws IllegalStateException if it lies in an arena that is closed, or confined to another
   *     thread; some of it may have been written
   */
  public void writeTo(OutputStream out) throws IOException {
    if (snapshot != null) {
      snapshot.writeTo(out);
    }
  }

  /**
   * The size, never the content.
   *
   * @return for people
   */
  @Override
  public String toString() {
    return isCaptured() ? size() + " bytes" : "not captured";
  }
}
