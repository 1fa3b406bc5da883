package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Wants everything, and has input without end. */
final class PipeEvents implements ChildEvents {
  private final byte[] room = new byte[1 << 16];
  private final MemorySegment input = MemorySegment.ofArray(new byte[1 << 20]);

  @Override
  public boolean wants(StreamKind stream) {
    return true;
  }

  @Override
  public boolean closing(StreamKind stream) {
    return false;
  }

  @Override
  public void closed(StreamKind stream) {}

  @Override
  public MemorySegment pendingInput() {
    return input;
  }

  @Override
  public void accepted(long bytes) {}

  @Override
  public void inputRefused() {}

  @Override
  public MemorySegment room(StreamKind stream) {
    return MemorySegment.ofArray(room);
  }

  @Override
  public void received(StreamKind stream, long bytes) {}

  @Override
  public void endOfFile(StreamKind stream) {}

  @Override
  public void failed(StreamKind stream, IOException error) {
    throw new AssertionError(error);
  }

  @Override
  public void exited(Termination how) {}
}
