package io.github.jpopen.testing.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a fake child has read from its stdin, and how much of it its acts have used. Guarded by the
 * lock of its {@link Group}.
 */
final class Inbox {
  private final @Nullable BytePipe pipe; // null if the bytes are all here
  private byte[] received;
  private int size;
  private int used;
  private boolean open = true;

  private Inbox(@Nullable BytePipe pipe, byte[] content) {
    this.pipe = pipe;
    received = content;
    size = content.length;
  }

  /** The reading end of a pipe, which it holds. */
  static Inbox of(BytePipe pipe) {
    return new Inbox(pipe, new byte[0]);
  }

  /** A file, or nothing. */
  static Inbox of(byte[] content) {
    return new Inbox(null, content.clone());
  }

  /** Takes all that has come; returns whether there was anything. */
  boolean take() {
    boolean any = false;
    while (open && pipe != null && pipe.size() > 0) {
      if (size == received.length) {
        received = Arrays.copyOf(received, Math.max(1024, 2 * size));
      }
      MemorySegment room = MemorySegment.ofArray(received).asSlice(size);
      size += pipe.read(room);
      any = true;
    }
    return any;
  }

  /** Whether no byte will come any longer. */
  boolean isAtEnd() {
    return !open || pipe == null || pipe.isAtEnd();
  }

  /** Uses everything, once the end has come. */
  boolean useAll() {
    used = size;
    return isAtEnd();
  }

  /** Uses so many bytes, or what comes before the end; false if they have not come yet. */
  boolean use(long bytes) {
    if (size - used < bytes && !isAtEnd()) {
      return false;
    }
    used = (int) Math.min(size, used + bytes);
    return true;
  }

  /** The next line without its end, or what comes before the end of all; null if there is none. */
  @Nullable String nextLine() {
    for (int i = used; i < size; i++) {
      if (received[i] == '\n') {
        return line(i, i + 1);
      }
    }
    return isAtEnd() && used < size ? line(size, size) : null;
  }

  private String line(int end, int next) {
    int stop = end > used && end < next && received[end - 1] == '\r' ? end - 1 : end;
    String line = new String(received, used, stop - used, UTF_8);
    used = next;
    return line;
  }

  byte[] content() {
    return Arrays.copyOf(received, size);
  }

  void close() {
    if (open) {
      open = false;
      if (pipe != null) {
        pipe.dropReader();
      }
    }
  }
}
