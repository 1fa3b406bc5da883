package io.github.jpopen.output;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.text.TextDecoder;
import io.github.jpopen.text.TextMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the caller gets the output as: where it is collected, and how it becomes the result.
 *
 * @param <T> the type of the result
 */
public sealed interface OutputForm<T> {

  /**
   * How text is encoded and decoded.
   *
   * @return null if it is not set
   */
  default @Nullable TextMode mode() {
    return null;
  }

  /**
   * Makes a place to collect one stream in.
   *
   * @return an empty buffer
   * @throws IllegalStateException as {@link #checkAccess}, for this thread
   */
  OutputBuffer newBuffer();

  /**
   * Throws unless a thread can collect output in this form.
   *
   * @param thread which
   * @throws IllegalStateException for an arena that is closed, or confined to another thread
   */
  default void checkAccess(Thread thread) {}

  /**
   * Makes the result of everything that is left in a buffer.
   *
   * @param buffer complete
   * @param own how text of this stream is decoded; null for as the command says
   * @param decoder the one that a reader has used on this stream already, or null
   * @param ended whether the stream has ended; if not, an incomplete character at the end is
   *     omitted
   * @return the result
   * @throws CharacterCodingException if it is not text in the charset asked for; the buffer is as
   *     it was
   */
  T result(
      OutputBuffer buffer, @Nullable TextMode own, @Nullable TextDecoder decoder, boolean ended)
      throws CharacterCodingException;

  /** Bytes in an array. */
  record Bytes() implements OutputForm<byte[]> {
    @Override
    public OutputBuffer newBuffer() {
      return new ChunkedOutput();
    }

    @Override
    public byte[] result(
        OutputBuffer buffer, @Nullable TextMode own, @Nullable TextDecoder decoder, boolean ended) {
      return buffer.join();
    }
  }

  /**
   * Text.
   *
   * @param mode how the streams are encoded and decoded that have no mode of their own
   */
  record Text(TextMode mode) implements OutputForm<String> {
    @Override
    public OutputBuffer newBuffer() {
      return new ChunkedOutput();
    }

    @Override
    public String result(
        OutputBuffer buffer, @Nullable TextMode own, @Nullable TextDecoder decoder, boolean ended)
        throws CharacterCodingException {
      TextMode how = own == null ? mode : own;
      byte[] all = buffer.join();
      long gap = buffer.gap();
      if (gap != Snapshot.NO_GAP) {
        long resumesAt = buffer.position() + gap + buffer.omitted();
        String before = before(Arrays.copyOf(all, (int) gap), how, decoder, buffer.position());
        return before + how.decodeAfterGap(all, (int) gap, resumesAt, ended);
      }
      int length = all.length;
      if (decoder == null && ended) {
        return how.decode(all, length);
      }
      TextDecoder rest = decoder == null ? how.newDecoder() : decoder;
      rest.sync(buffer.position());
      return ended ? rest.finish(all, length) : rest.finishCutShort(all, length);
    }

    private static String before(
        byte[] bytes, TextMode mode, @Nullable TextDecoder decoder, long position)
        throws CharacterCodingException {
      TextDecoder first = decoder == null ? mode.newDecoder() : decoder;
      first.sync(position);
      return first.finishCutShort(bytes, bytes.length);
    }
  }

  /**
   * Native memory, of any size.
   *
   * @param arena its owner
   */
  record OffHeap(Arena arena) implements OutputForm<MemorySegment> {
    @Override
    public OutputBuffer newBuffer() {
      checkAccess(Thread.currentThread());
      return new OffHeapOutput(arena, Platforms.current().growable(arena));
    }

    @Override
    public void checkAccess(Thread thread) {
      if (!isAccessibleBy(thread)) {
        throw OutputBuffer.inaccessible();
      }
    }

    private boolean isAccessibleBy(Thread thread) {
      try {
        return arena.scope().isAlive() && arena.allocate(1).isAccessibleBy(thread);
      } catch (WrongThreadException e) {
        return false; // confined to neither this thread nor that
      }
    }

    @Override
    public MemorySegment result(
        OutputBuffer buffer, @Nullable TextMode own, @Nullable TextDecoder decoder, boolean ended) {
      return ((OffHeapOutput) buffer.whole()).finish();
    }
  }
}
