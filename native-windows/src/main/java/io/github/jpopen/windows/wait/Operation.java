package io.github.jpopen.windows.wait;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A handle of ours with its OVERLAPPED: one read or write at a time, on the port thread. */
public final class Operation implements PortThread.InFlight {
  /** Notified on the port thread when an operation has ended. */
  public interface Ended {
    /**
     * The operation has ended, and nothing writes to its memory any longer.
     *
     * @param error 0, or the error of GetLastError
     * @param bytes how many were moved
     */
    void ended(int error, int bytes);
  }

  private final PortThread port;
  private final Win32 win32;
  private final long handle;
  private final long key;
  private final boolean writing;
  private final Runnable issued;
  private final Ended ended;

  // Used by the port thread only.
  private @Nullable MemorySegment overlapped;
  private @Nullable MemorySegment memory;
  private boolean pending;
  private boolean handleClosed;

  // Passed to the port thread with the command.
  private volatile @Nullable MemorySegment asked;
  private volatile int bytes;

  /**
   * Makes an operation, of which nothing is issued yet.
   *
   * @param issued runs on the port thread when the operation is in flight
   * @param ended runs on the port thread when it has ended
   */
  public Operation(PortThread port, long handle, boolean writing, Runnable issued, Ended ended) {
    this.port = port;
    this.win32 = port.win32();
    this.handle = handle;
    this.writing = writing;
    this.issued = issued;
    this.ended = ended;
    key = port.newKey();
  }

  @Override
  public long key() {
    return key;
  }

  /**
   * Has an operation issued.
   *
   * @return 0, or the error that makes it impossible now
   */
  public int ask(MemorySegment with, int count) {
    bytes = count;
    asked = with;
    Runnable command = this::issue;
    int error = port.submit(command);
    return error != 0 && port.withdraw(command) ? error : 0;
  }

  /** Has the handle closed and its operation cancelled; does not wait. */
  public void close() {
    int _ = port.submit(this::closeHandle); // on an error it runs with the next command
  }

  private void issue() {
    MemorySegment with = asked;
    asked = null;
    if (with == null) {
      return;
    }
    if (handleClosed) {
      ended.ended(Win32Errors.OPERATION_ABORTED, 0);
      return;
    }
    memory = with;
    MemorySegment state = overlapped;
    if (state == null) {
      state = Arena.ofAuto().allocate(win32.sizeOfOverlapped(), Long.BYTES);
      overlapped = state;
    }
    while (true) {
      state.fill((byte) 0);
      int error =
          writing
              ? win32.writeFile(handle, with, bytes, state)
              : win32.readFile(handle, with, bytes, state);
      if (error == Win32Errors.IO_PENDING) {
        pending = true;
        port.began(this);
        issued.run();
        return;
      }
      int moved = error == 0 || error == Win32Errors.MORE_DATA ? win32.transferred(state) : 0;
      // A read of 0 bytes is not the end: the child wrote 0 bytes.
      if (error != 0 || writing || moved > 0) {
        memory = null;
        ended.ended(error, moved);
        return;
      }
    }
  }

  @Override
  public void completed() {
    MemorySegment state = overlapped;
    if (!pending || state == null) {
      return;
    }
    int error = win32.overlappedResult(handle, state);
    while (error == Win32Errors.IO_INCOMPLETE) { // for a moment, since its packet came
      Thread.onSpinWait();
      error = win32.overlappedResult(handle, state);
    }
    int moved = error == 0 || error == Win32Errors.MORE_DATA ? win32.transferred(state) : 0;
    pending = false;
    MemorySegment with = memory;
    memory = null;
    if (error == 0 && moved == 0 && !writing && !handleClosed && with != null) {
      asked = with;
      issue();
      return;
    }
    // A cancelled operation may have succeeded; then its bytes count.
    ended.ended(error, moved);
  }

  private void closeHandle() {
    if (handleClosed) {
      return;
    }
    handleClosed = true;
    MemorySegment state = overlapped;
    if (pending && state != null) {
      port.cancelled();
      int _ = win32.cancelIo(handle, state); // ERROR_NOT_FOUND: its packet is on the way
    }
    int _ = win32.closeHandle(handle);
    if (!pending) {
      port.forget(this);
    }
  }
}
