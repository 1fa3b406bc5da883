package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All of an output, in memory up to a limit. If more comes, everything moves to a file.
 *
 * <p>The file is never deleted here: a result or an exception names it.
 */
final class SpilledOutput extends KeptOutput {
  private static final int ROOM = 64 * 1024;

  private final OutputBuffer memory;
  private final long limit;
  private final Path directory;
  private @Nullable Path file;
  private @Nullable FileChannel channel; // open until the end
  private @Nullable IOException failure;
  private byte[] room = {};
  private long written;
  private long consumed; // of the file

  private SpilledOutput(OutputBuffer memory, long limit, Path directory) {
    super(memory);
    this.memory = memory;
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
      return memory.room();
    }
    if (room.length == 0) {
      room = new byte[ROOM];
    }
    return MemorySegment.ofArray(room);
  }

  @Override
  void added(long bytes) {
    if (failure != null) {
      return; // reported when the stream ends
    }
    try {
      if (file != null) {
        write(room, (int) bytes);
        return;
      }
      memory.added(bytes);
      if (memory.size() > limit) {
        spill();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void spill() throws IOException {
    Path made = Files.createTempFile(directory, "jpopen-", ".out");
    channel = FileChannel.open(made, StandardOpenOption.WRITE);
    memory
        .snapshot()
        .writeTo(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
              }

              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                SpilledOutput.this.write(ByteBuffer.wrap(bytes, offset, length));
              }
            });
    file = made; // from here on nothing is read from memory
    memory.drop(memory.size());
    memory.discard();
  }

  private void write(byte[] bytes, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, 0, length));
  }

  private void write(ByteBuffer bytes) throws IOException {
    written += bytes.remaining();
    while (bytes.hasRemaining()) {
      int _ = Objects.requireNonNull(channel).write(bytes);
    }
  }

  @Override
  public void ended() throws IOException {
    FileChannel open = channel;
    channel = null;
    IOException failed = failure;
    if (open != null) {
      open.close();
    }
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The call has ended: there is nothing to report it to.
      }
    }
  }

  @Override
  public @Nullable Path file() {
    return file;
  }

  @Override
  long unconsumed() {
    return file == null ? memory.size() : written - consumed;
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    Path spilled = file;
    if (spilled == null) {
      return memory.copy(from, into, offset, length);
    }
    int wanted = (int) Math.clamp(size() - from, 0L, length);
    try (FileChannel in = FileChannel.open(spilled)) {
      ByteBuffer bytes = ByteBuffer.wrap(into, offset, wanted);
      while (bytes.hasRemaining()) {
        int n = in.read(bytes, consumed + from + bytes.position() - offset);
        if (n < 0) {
          throw new IOException("the file of an output was changed: " + spilled);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return wanted;
  }

  @Override
  void drop(long bytes) {
    if (file == null) {
      memory.drop(bytes);
    } else {
      consumed += bytes;
    }
  }

  @Override
  byte[] joined() {
    if (file == null) {
      return memory.joined();
    }
    return new byte[0]; // the result is the file
  }

  @Override
  Snapshot kept() {
    return file == null ? memory.snapshot() : new InFile(file, consumed, size());
  }

  private record InFile(Path file, long from, long size) implements Snapshot {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(ROOM);
      try (FileChannel in = FileChannel.open(file)) {
        for (long done = 0; done < size; ) {
          int n = in.read(bytes.clear().limit((int) Math.min(ROOM, size - done)), from + done);
          if (n < 0) {
            throw new IOException("the file of an output was changed: " + file);
          }
          out.write(bytes.array(), 0, n);
          done += n;
        }
      }
    }
  }
}
