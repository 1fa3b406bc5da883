package io.github.jpopen.output;

import io.github.jpopen.spi.SlowCall;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies an output to a stream of the caller, or to a file. The stream is flushed each time. */
public final class StreamTap implements OutputTap {
  private final OutputStream out;
  private final boolean owned;

  private StreamTap(OutputStream out, boolean owned) {
    this.out = out;
    this.owned = owned;
  }

  /**
   * To a stream of the caller, which is never closed.
   *
   * @param out where to
   * @return makes a tap
   */
  public static Opener to(OutputStream out) {
    return () -> new StreamTap(out, false);
  }

  /**
   * To a file, emptied for each child, and closed at the end.
   *
   * @param file where to
   * @return makes a tap
   */
  public static Opener to(Path file) {
    return () -> new StreamTap(open(file), true);
  }

  private static OutputStream open(Path file) throws IOException {
    if (Files.isRegularFile(file) || !Files.exists(file)) {
      return openHere(file);
    }
    try {
      return new Opening(file).await("jpopen-open"); // it may be a FIFO
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while opening " + file);
    }
  }

  private static OutputStream openHere(Path file) throws IOException {
    return Files.newOutputStream(file); // no channel: an interrupt would close it
  }

  private static final class Opening extends SlowCall<OutputStream> {
    private final Path file;

    Opening(Path file) {
      this.file = file;
    }

    @Override
    protected OutputStream call() throws IOException {
      return openHere(file);
    }

    @Override
    protected void discard(OutputStream late) throws IOException {
      late.close();
    }
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }

  @Override
  public void end(boolean cutShort) throws IOException {
    close();
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      out.close();
    }
  }
}
