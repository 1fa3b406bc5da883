package io.github.jpopen.testing.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Where an output of a fake child leads. Guarded by the lock of its {@link Group}. */
final class Sink {
  private final @Nullable BytePipe pipe;
  private final @Nullable OutputStream stream;
  private final boolean closesStream;
  private boolean open = true;

  private Sink(@Nullable BytePipe pipe, @Nullable OutputStream stream, boolean closesStream) {
    this.pipe = pipe;
    this.stream = stream;
    this.closesStream = closesStream;
  }

  /** The writing end of a pipe, which it holds. */
  static Sink to(BytePipe pipe) {
    return new Sink(pipe, null, false);
  }

  /** A file, which it closes. */
  static Sink toFile(OutputStream file) {
    return new Sink(null, file, true);
  }

  /** A stream of this process, which stays open. */
  static Sink to(OutputStream ours) {
    return new Sink(null, ours, false);
  }

  /** The null device. */
  static Sink nowhere() {
    return new Sink(null, null, false);
  }

  /** The same place once more. */
  Sink again() {
    if (pipe != null) {
      pipe.addWriter();
    }
    return new Sink(pipe, stream, false); // the first one closes a file
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

  void close() {
    if (!open) {
      return;
    }
    open = false;
    if (pipe != null) {
      pipe.dropWriter();
    }
    if (stream != null && closesStream) {
      try {
        stream.close();
      } catch (IOException e) { // all bytes were flushed
      }
    }
  }
}
