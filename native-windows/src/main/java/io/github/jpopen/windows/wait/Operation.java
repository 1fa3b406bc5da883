package io.github.jpopen.windows.wait;

import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.windows.wait.CommandQueue.Command;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A handle of ours with its OVERLAPPED: one read or write at a time, on the port thread. */
public final class Operation extends InFlightTable.InFlight {
  /** Notified on the port thread. */
  public interface Progress {
    /** The operation is in flight. */
    void issued();

    /**
     * The operation has ended, and nothing writes to its memory any longer.
     *
     * @param error 0, or the error of GetLastError
     * @param bytes how many were moved
     */
    void ended(int error, int bytes);

    /** An Error hid what became of the operation. Its memory must not be used again. */
    void lost(Throwable error);
  }

  /** A value of Internal, the first field of an OVERLAPPED, that is no status. */
  private static final long UNTOUCHED = -1;

  private static final int LOST = -1;
  private static final long PAUSE_NANOS = 1_000_000;

  private final PortThread port;
  private final Win32 win32;
  private final long handle;
  private final boolean writing;
  private final Progress progress;
  private final MemorySegment overlapped;
  private final Command issue = command(this::issue);
  private final Command completion = command(this::complete);
  private final Command closing = command(this::closeHandle);

  // Used by the port thread only.
  private @Nullable MemorySegment memory;
  private boolean pending;
  private volatile boolean handleClosed;
  private boolean lost;
  private boolean left;

  // Passed to the port thread with the command.
  private volatile @Nullable MemorySegment asked;
  private volatile int bytes;

  /** Makes an operation, of which nothing is issued yet. */
  public Operation(PortThread port, long handle, boolean writing, Progress progress) {
    super(port.newKey());
    this.port = port;
    this.win32 = port.win32();
    this.handle = handle;
    this.writing = writing;
    this.progress = progress;
    overlapped = Arena.ofAuto().allocate(win32.sizeOfOverlapped(), Long.BYTES);
  }

  private static Command command(Runnable action) {
    return new Command() {
      @Override
      void run() {
        action.run();
      }
    };
  }

  @Override
  Command completion() {
    return completion;
  }

  /** From now on this owns the handle, and the port thread stays until it is closed. */
  public void own() {
    boolean _ = port.enter();
  }

  /**
   * Has an operation issued.
   *
   * @return 0, or the error that makes it impossible now
   */
  public int ask(MemorySegment with, int count) {
    bytes = count;
    asked = with;
    int error = port.submit(issue);
    return error != 0 && port.withdraw(issue) ? error : 0;
  }

  /** Has the handle closed and its operation cancelled; does not wait. */
  public void close() {
    port.submitSurely(closing);
  }

  /** The same, as soon as the port thread runs. */
  public void closeLater() {
    int _ = port.submit(closing);
  }

  /** How many bytes wait in the pipe; -1 if the handle is closed, or cannot tell. */
  public int queued() {
    if (handleClosed || writing) {
      return -1;
    }
    int bytes = win32.queued(handle); // does not wait: the handle is overlapped
    return handleClosed || bytes < 0 ? -1 : bytes; // the handle may be another file's by now
  }

  /** Whether the handle is closed. */
  public boolean isClosed() {
    return handleClosed;
  }

  // Reports what happens to the operation, whatever it is: the stepping thread waits for it.
  private void issue() {
    MemorySegment with = asked;
    asked = null;
    if (with == null) {
      return;
    }
    if (handleClosed) {
      progress.ended(Win32Errors.OPERATION_ABORTED, 0);
      return;
    }
    int error = begin(with);
    // A read of 0 bytes is not the end: the child wrote 0 bytes.
    int moved = transferred(error);
    while (error == 0 && moved == 0 && !writing) {
      error = begin(with);
      moved = transferred(error);
    }
    if (error == Win32Errors.IO_PENDING) {
      port.began();
      progress.issued();
    } else if (error != LOST) {
      progress.ended(error, moved);
    }
  }

  // What may be in flight is in the table before the call, because that keeps its memory.
  private int begin(MemorySegment with) {
    overlapped.fill((byte) 0);
    overlapped.set(ValueLayout.JAVA_LONG, 0, UNTOUCHED);
    memory = with;
    pending = true;
    port.beginning(this);
    int error;
    try {
      error =
          writing
              ? win32.writeFile(handle, with, bytes, overlapped)
              : win32.readFile(handle, with, bytes, overlapped);
    } catch (RuntimeException | Error e) {
      // ReadFile and WriteFile first set Internal to STATUS_PENDING.
      if (overlapped.get(ValueLayout.JAVA_LONG, 0) != UNTOUCHED) {
        lost = true;
        progress.lost(e);
        return LOST;
      }
      error = Win32Errors.NOT_ENOUGH_MEMORY;
    }
    if (error != Win32Errors.IO_PENDING) {
      pending = false;
      memory = null;
      port.forget(this);
    }
    return error;
  }

  private int transferred(int error) {
    while (error == 0 || error == Win32Errors.MORE_DATA) {
      try {
        return win32.transferred(overlapped);
      } catch (RuntimeException | Error e) {
        Uninterrupted.pause(PAUSE_NANOS);
      }
    }
    return 0;
  }

  private void complete() {
    if (lost) {
      pending = false;
      memory = null;
    }
    if (!pending) {
      return;
    }
    int error = win32.overlappedResult(handle, overlapped);
    while (error == Win32Errors.IO_INCOMPLETE) { // for a moment, since its packet came
      Thread.onSpinWait();
      error = win32.overlappedResult(handle, overlapped);
    }
    int moved = transferred(error);
    if (error == 0 && moved == 0 && !writing && !handleClosed) {
      asked = memory;
      issue();
      return;
    }
    // A cancelled operation may have succeeded; then its bytes count.
    progress.ended(error, moved);
    pending = false;
    memory = null;
    leave();
  }

  private void closeHandle() {
    if (!handleClosed) {
      if (pending) {
        int _ = win32.cancelIo(handle, overlapped); // ERROR_NOT_FOUND: its packet is on the way
        port.cancelled();
      }
      handleClosed = true;
      Handles.close(win32, handle);
    }
    leave();
  }

  private void leave() {
    if (handleClosed && (!pending || lost) && !left) {
      left = true;
      port.leave();
    }
  }
}
