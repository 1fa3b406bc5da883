package io.github.jpopen.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * All of an output, in memory up to a limit. If more comes, everything moves to a file.
 *
 * <p>The file is never deleted here once it has everything: a result or an exception names it. If
 * it cannot be written, what is in memory or in the file until then is kept, and each call fails at
 * once.
 */
final class SpilledOutput extends KeptOutput {
  private static final int ROOM = 64 * 1024;

  private final long limit;
  private final Path directory;
  private @Nullable Path file; // null as long as memory has everything
  private @Nullable OutputStream out; // no channel: an interrupt would close it
  private @Nullable IOException failure;
  private byte[] room = {};
  private long written;
  private long omitted;

  private SpilledOutput(OutputBuffer memory, long limit, Path directory) {
    super(memory);
    this.limit = limit;
    this.directory = directory;
  }

  static SpilledOutput in(Path directory, OutputBuffer memory, long limit) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return new SpilledOutput(memory, limit, directory);
  }

  @Override
  public MemorySegment room() {
    if (file == null && failure == null) {
      return kept.room();
    }
    if (room.length == 0) {
      room = new byte[ROOM];
    }
    return MemorySegment.ofArray(room);
  }

  @Override
  void added(long bytes) {
    try {
      if (failure != null) {
        omitted += bytes;
      } else if (file != null) {
        write(room, (int) bytes);
      } else {
        kept.added(bytes);
        if (kept.size() > limit) {
          spill();
        }
      }
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) { // as of a file system that cannot be written
      failure = new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  private void spill() throws IOException {
    Path made = Files.createTempFile(directory, "jpopen-", ".out");
    OutputStream opened = null;
    boolean done = false;
    try {
      opened = Files.newOutputStream(made);
      kept.snapshot().writeTo(opened);
      done = true;
    } finally {
      if (!done) {
        remove(made, opened);
      }
    }
    written = kept.size();
    out = opened;
    file = made; // from here on nothing is read from memory
    kept.drop(kept.size());
    kept.discard();
  }

  private static void remove(Path made, @Nullable OutputStream opened) throws IOException {
    try {
      if (opened != null) {
        opened.close();
      }
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private void write(byte[] bytes, int length) throws IOException {
    OutputStream open = out;
    if (open == null) {
      omitted += length; // it was closed
      return;
    }
    try {
      open.write(bytes, 0, length);
      written += length;
    } catch (IOException | RuntimeException e) {
      long begun = begun(length);
      written += begun;
      omitted += length - begun;
      throw e;
    }
  }

  // A disk that becomes full takes the first bytes of a piece.
  private long begun(int length) {
    Path partial = file;
    try {
      return partial == null ? 0 : Math.clamp(Files.size(partial) - written, 0, length);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void ended() throws IOException {
    OutputStream open = out;
    out = null;
    if (open != null) {
      open.close();
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    try {
      ended();
    } catch (IOException e) {
      // Reported when the output ended.
    }
  }

  @Override
  public @Nullable IOException failure() {
    return failure;
  }

  @Override
  public @Nullable Path file() {
    return file;
  }

  @Override
  public long omitted() {
    return omitted;
  }

  @Override
  public long gap() {
    return omitted == 0 ? Snapshot.NO_GAP : unconsumed();
  }

  @Override
  long unconsumed() {
    return file == null ? kept.size() : written;
  }

  // A spilled output has no stream, so nothing looks at its bytes.
  @Override
  int copy(long from, byte[] into, int offset, int length) {
    return file == null ? kept.copy(from, into, offset, length) : 0;
  }

  @Override
  void drop(long bytes) {
    if (file == null) {
      kept.drop(bytes);
    }
  }

  @Override
  byte[] joined() {
    return file == null ? kept.joined() : new byte[0]; // the result is the file
  }

  @Override
  Snapshot kept() {
    Path spilled = file;
    return spilled == null
        ? super.kept()
        : new CutSnapshot(new InFile(spilled, written), gap(), omitted, 0, spilled);
  }

  private record InFile(Path path, long size) implements Snapshot {
    @Override
    public void writeTo(OutputStream to) throws IOException {
      byte[] bytes = new byte[ROOM];
      try (InputStream in = Files.newInputStream(path)) { // no channel: an interrupt would close it
        for (long left = size; left > 0; ) {
          int n = in.read(bytes, 0, (int) Math.min(ROOM, left));
          if (n < 0) {
            throw new IOException("the file of an output was changed: " + path);
          }
          to.write(bytes, 0, n);
          left -= n;
        }
      }
    }
  }
}
