package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import java.lang.foreign.MemorySegment;

/**
 * Our end of the child's stdin. A write that is in flight stays so over timeouts and interrupts: a
 * cancelled one says that nothing was written, although a part may have been.
 */
final class WriteEnd extends PipeEnd {
  WriteEnd(PortThread port, Progress progress, StreamKind kind, long handle) {
    super(port, progress, kind, handle);
  }

  @Override
  void ask(ChildEvents events) {
    MemorySegment memory;
    int bytes;
    try {
      MemorySegment input = events.pendingInput();
      bytes = (int) Math.min(shortage.most(), input.byteSize());
      if (bytes == 0) {
        return; // never a write of nothing: the child would read an end of file
      }
      memory = take(bytes);
      MemorySegment.copy(input, 0, memory, 0, bytes);
    } catch (RuntimeException e) {
      failed(events, e);
      return;
    }
    issue(events, memory, bytes);
  }

  @Override
  long evaluate(ChildEvents events, int error, int transferred, long budget) {
    if (error == 0) {
      shortage.over();
      idle();
      events.accepted(transferred);
      return transferred;
    }
    if (shortage.triesAgain(error)) {
      idle();
      return 0;
    }
    if (isPeerGone(error)) {
      close();
      events.inputRefused();
    } else {
      failed(events, "WriteFile", error);
    }
    return 1;
  }
}
