package io.github.jpopen.testing.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where an output of a fake child leads. Guarded by the lock of its {@link Group}. */
final class Sink {
  private final @Nullable BytePipe pipe;
  private final @Nullable OutputStream stream;
  private final AtomicInteger holders; // of the stream; the last one closes it
  private boolean open = true;

  private Sink(@Nullable BytePipe pipe, @Nullable OutputStream stream, AtomicInteger holders) {
    this.pipe = pipe;
    this.stream = stream;
    this.holders = holders;
    int _ = holders.incrementAndGet();
  }

  /** The writing end of a pipe, which it holds. */
  static Sink to(BytePipe pipe) {
    return new Sink(pipe, null, new AtomicInteger());
  }

  /** A file, which it closes. */
  static Sink toFile(OutputStream file) {
    return new Sink(null, file, new AtomicInteger());
  }

  /** A stream of this process, which stays open. */
  static Sink to(OutputStream ours) {
    return new Sink(null, ours, new AtomicInteger(1)); // one more: we hold it ourselves
  }

  /** The null device. */
  static Sink nowhere() {
    return new Sink(null, null, new AtomicInteger());
  }

  /** The same place once more. */
  Sink again() {
    if (pipe != null) {
      pipe.addWriter();
    }
    return new Sink(pipe, stream, holders);
  }

  /** Takes what there is room for; -1 if it is a pipe without a reader. */
  int write(MemorySegment bytes) {
    if (!open) {
      return (int) bytes.byteSize();
    }
    if (pipe != null) {
      return pipe.hasReader() ? pipe.write(bytes) : -1;
    }
    if (stream != null) {
      try {
        stream.write(bytes.toArray(ValueLayout.JAVA_BYTE));
        stream.flush();
      } catch (IOException e) { // as on a full disk: a program that ignores it goes on
        return (int) bytes.byteSize();
      }
    }
    return (int) bytes.byteSize();
  }

  boolean isOpen() {
    return open;
  }

  void close() {
    if (!open) {
      return;
    }
    open = false;
    if (pipe != null) {
      pipe.dropWriter();
    }
    if (holders.decrementAndGet() == 0 && stream != null) {
      try {
        stream.close();
      } catch (IOException e) { // all bytes were flushed
      }
    }
  }
}
