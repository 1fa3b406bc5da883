package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;

/** Notes what happens to a real child, and hands it on to core. */
final class RecordedEvents implements ChildEvents {
  private final ChildEvents core;
  private final Take take;
  private final Map<StreamKind, MemorySegment> rooms = new EnumMap<>(StreamKind.class);

  RecordedEvents(ChildEvents core, Take take) {
    this.core = core;
    this.take = take;
  }

  @Override
  public boolean wants(StreamKind stream) {
    return core.wants(stream);
  }

  @Override
  public boolean closing(StreamKind stream) {
    return core.closing(stream);
  }

  @Override
  public void closed(StreamKind stream) {
    core.closed(stream);
  }

  @Override
  public MemorySegment pendingInput() {
    return core.pendingInput();
  }

  @Override
  public void accepted(long bytes) {
    take.read(bytes);
    core.accepted(bytes);
  }

  @Override
  public void inputRefused() {
    core.inputRefused();
  }

  @Override
  public MemorySegment room(StreamKind stream) {
    MemorySegment room = core.room(stream);
    rooms.put(stream, room);
    return room;
  }

  @Override
  public void received(StreamKind stream, long bytes) {
    MemorySegment room = rooms.remove(stream);
    if (room != null) {
      take.wrote(stream, room.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
    core.received(stream, bytes);
  }

  @Override
  public void endOfFile(StreamKind stream) {
    take.closed(stream);
    core.endOfFile(stream);
  }

  @Override
  public void failed(StreamKind stream, IOException error) {
    core.failed(stream, error);
  }

  @Override
  public void exited(Termination how) {
    take.ended(how);
    core.exited(how);
  }
}
