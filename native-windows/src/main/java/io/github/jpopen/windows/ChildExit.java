package io.github.jpopen.windows;

import io.github.jpopen.spi.Termination;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The handle of one process: how it ended, and the means to end it. Both go through one gate, so
 * that no closed handle is ever used.
 */
final class ChildExit {
  /** What a process that was ended by us exits with, as in Python. */
  private static final int TERMINATED = 1;

  private final Win32 win32;
  private final ReentrantLock gate = new ReentrantLock();
  private final long process;
  private final int pid;
  private boolean closed;
  private @Nullable Termination status;

  ChildExit(Win32 win32, long process, int pid) {
    this.win32 = win32;
    this.process = process;
    this.pid = pid;
  }

  long pid() {
    return Integer.toUnsignedLong(pid);
  }

  /** How the process ended, or null if it runs. */
  @Nullable Termination collect() throws IOException {
    gate.lock();
    try {
      if (status == null && !closed && hasEnded()) {
        status = new Termination.Exited(code());
      }
      return status;
    } finally {
      gate.unlock();
    }
  }

  // The code 259 looks like STILL_ACTIVE, so the handle is asked and not the code.
  private boolean hasEnded() throws IOException {
    int result = win32.isSignalled(process);
    if (result < 0) {
      throw new IOException("WaitForSingleObject: " + Win32Errors.name(-result));
    }
    return result != 0;
  }

  private int code() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(ValueLayout.JAVA_INT);
      int error = win32.exitCode(process, code);
      if (error != 0) {
        throw new IOException("GetExitCodeProcess: " + Win32Errors.name(error));
      }
      return code.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Starts to wait on another thread, unless the handle is closed. */
  ExitWaiters.@Nullable Watch watch(ExitWaiters waiters, ExitWaiters.Ended ended)
      throws IOException {
    gate.lock();
    try {
      return closed ? null : waiters.watch(process, ended);
    } finally {
      gate.unlock();
    }
  }

  /** Sends what stands for a signal; false if the process had ended. */
  boolean signal(int number) throws IOException {
    gate.lock();
    try {
      if (closed || status != null || hasEnded()) {
        return false;
      }
      switch (number) {
        case 0 -> {
          return true;
        }
        case Signals.SIGTERM, Signals.SIGKILL -> {
          return terminate();
        }
        case Signals.CTRL_C_EVENT -> sendEvent(0);
        case Signals.CTRL_BREAK_EVENT -> sendEvent(1);
        default ->
            throw new UnsupportedOperationException(
                "Windows cannot send signal " + number + " to another process");
      }
      return true;
    } finally {
      gate.unlock();
    }
  }

  private boolean terminate() throws IOException {
    int error = win32.terminateProcess(process, TERMINATED);
    if (error == 0) {
      return true;
    }
    if (error == Win32Errors.ACCESS_DENIED && hasEnded()) {
      return false; // it ended by itself in between
    }
    throw new IOException("TerminateProcess for process " + pid() + ": " + Win32Errors.name(error));
  }

  private void sendEvent(int event) throws IOException {
    int error = win32.generateConsoleCtrlEvent(event, pid);
    if (error != 0) {
      throw new IOException(
          "GenerateConsoleCtrlEvent for process " + pid() + ": " + Win32Errors.name(error));
    }
  }

  /** Ends a process that nobody is to see. */
  void destroy() {
    gate.lock();
    try {
      if (!closed) {
        int _ = win32.terminateProcess(process, TERMINATED);
      }
    } finally {
      gate.unlock();
    }
  }

  void close() {
    gate.lock();
    try {
      if (!closed) {
        closed = true;
        int _ = win32.closeHandle(process);
      }
    } finally {
      gate.unlock();
    }
  }
}
