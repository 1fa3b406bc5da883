package io.github.jpopen.output;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** An output of which nothing is kept. */
final class DiscardedOutput extends OutputBuffer {
  private static final int ROOM = 64 * 1024;

  private MemorySegment room = MemorySegment.NULL; // made when it is needed

  @Override
  @Nullable Window front(@Nullable Charset text) {
    return null;
  }

  @Override
  public MemorySegment room() {
    if (room.byteSize() == 0) {
      room = MemorySegment.ofArray(new byte[ROOM]);
    }
    return room;
  }

  @Override
  void added(long bytes) {}

  @Override
  long unconsumed() {
    return 0;
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    return 0;
  }

  @Override
  void drop(long bytes) {}

  @Override
  Snapshot kept() {
    return Snapshot.EMPTY;
  }

  @Override
  byte[] joined() {
    return new byte[0];
  }

  @Override
  public boolean isStreamable() {
    return false;
  }

  @Override
  public boolean isKept() {
    return false;
  }
}
