package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.wait.PortThread;
import java.lang.foreign.MemorySegment;

/**
 * Our end of the child's stdin. A write stays in flight across timeouts and interrupts: a cancelled
 * write reports 0 bytes, even if some were written.
 */
public final class WriteEnd extends PipeEnd {
  /**
   * Makes an end.
   *
   * @param handle overlapped; from now on owned by this end
   */
  public WriteEnd(PortThread port, TransferBuffers buffers, StepSignal signal, long handle) {
    super(port, buffers, signal, StreamKind.STDIN, handle);
  }

  @Override
  void ask(ChildEvents events) {
    MemorySegment memory;
    int bytes;
    try {
      MemorySegment input = events.pendingInput();
      bytes = (int) Math.min(shortage.most(), input.byteSize());
      if (bytes == 0) {
        return; // the child would take a write of 0 bytes for the end
      }
      memory = take(bytes);
      MemorySegment.copy(input, 0, memory, 0, bytes);
    } catch (RuntimeException e) {
      failed(events, e);
      return;
    }
    issue(memory, bytes);
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
      events.inputRefused();
      close();
    } else {
      failed(events, "WriteFile", error);
    }
    return 1;
  }
}
