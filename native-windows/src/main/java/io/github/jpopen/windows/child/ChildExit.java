package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.windows.wait.ExitWaiters;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The handle of one process: its exit code, and the means to end it. A lock ensures that no closed
 * handle is used.
 */
public final class ChildExit {
  /** The exit code of a process that we end, as in Python. */
  private static final int TERMINATED = 1;

  /** No error of Windows: the process has ended already. */
  private static final int OVER = -1;

  private static final int TRIES = 8;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Win32 win32;
  private final UnqueuedLock gate = new UnqueuedLock();

  /** Written by one thread before any other knows the child. */
  private final StartedProcess started;

  private boolean closed;
  private @Nullable Termination status;
  private @Nullable ChildUsage usage;

  /**
   * Makes the exit of a process that is about to be started.
   *
   * @param started its handle is owned by this from the moment in which it is stored there
   */
  public ChildExit(Win32 win32, StartedProcess started) {
    this.win32 = win32;
    this.started = started;
  }

  long pid() {
    return Integer.toUnsignedLong(started.pid());
  }

  /** What the process is doing: Windows does not show more than whether it lives. */
  Condition condition() {
    try (var _ = gate.hold()) {
      if (status != null) {
        return Condition.ENDED;
      }
      return closed ? Condition.UNKNOWN : hasEnded() ? Condition.ENDED : Condition.ALIVE;
    } catch (IOException e) {
      return Condition.UNKNOWN;
    }
  }

  /** How the process ended, or null if it is running. */
  @Nullable Termination collect() throws IOException {
    try (var _ = gate.hold()) {
      if (status == null && !closed && hasEnded()) {
        status = new Termination.Exited(code());
        usage = usageNow();
        closeHandle(); // nothing more can be asked
      }
      return status;
    }
  }

  // Not by the exit code: a process may end with 259, which is STILL_ACTIVE.
  private boolean hasEnded() throws IOException {
    int result = win32.isSignalled(started.process());
    if (result < 0) {
      throw new IOException("WaitForSingleObject: " + Win32Errors.name(-result));
    }
    return result != 0;
  }

  private int code() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(ValueLayout.JAVA_INT);
      int error = win32.exitCode(started.process(), code);
      if (error != 0) {
        throw new IOException("GetExitCodeProcess: " + Win32Errors.name(error));
      }
      return code.get(ValueLayout.JAVA_INT, 0);
    }
  }

  // Best effort: it must not keep an exit from being reported.
  private @Nullable ChildUsage usageNow() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = arena.allocate(ValueLayout.JAVA_LONG, ChildUsage.TIMES);
      int error = win32.processTimes(started.process(), times);
      return error == 0 ? ChildUsage.of(times, peakNow()) : null;
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  // The kernel keeps the counters of a process that has ended until its last handle is closed.
  private long peakNow() {
    try {
      return win32.peakWorkingSet(started.process());
    } catch (OutOfMemoryError e) {
      return Usage.UNKNOWN;
    }
  }

  /** What the process has used; null if that is unknown. */
  @Nullable ChildUsage usage() {
    try (var _ = gate.hold()) {
      return usage;
    }
  }

  /**
   * Waits on another thread, unless the handle is closed.
   *
   * @param giveBack gives back handles at a limit, and returns whether there were any
   */
  ExitWaiters.@Nullable Watch watch(
      ExitWaiters waiters, ExitWaiters.Ended ended, BooleanSupplier giveBack) throws IOException {
    long copy;
    int tries = 0;
    do {
      try (var _ = gate.hold()) {
        if (closed) {
          return null;
        }
        copy = win32.duplicateForWaiting(started.process());
      }
    } while (copy < 0
        && Win32Errors.isShortage((int) -copy)
        && tries++ < TRIES
        && giveBack.getAsBoolean());
    if (copy < 0) {
      throw new IOException("DuplicateHandle: " + Win32Errors.name((int) -copy));
    }
    return waiters.watch(copy, ended); // not with the gate held: it waits for a lock
  }

  /** Does what stands for a signal; false if the process has ended. */
  boolean signal(int number) throws IOException {
    if (number == Signals.SIGTERM || number == Signals.SIGKILL) {
      return terminate();
    }
    try (var _ = gate.hold()) {
      if (isOver()) {
        return false;
      }
      switch (number) {
        case 0 -> {
          return true;
        }
        case Signals.CTRL_C_EVENT -> sendEvent(0);
        case Signals.CTRL_BREAK_EVENT -> sendEvent(1);
        default ->
            throw new UnsupportedOperationException(
                "Windows cannot send signal "
                    + number
                    + " to another process: use SIGTERM, SIGKILL, CTRL_C_EVENT or"
                    + " CTRL_BREAK_EVENT");
      }
      return true;
    }
  }

  private boolean isOver() throws IOException {
    return closed || status != null || hasEnded();
  }

  private boolean terminate() throws IOException {
    int error = terminatePersistently();
    if (error > 0) {
      throw new IOException(
          "cannot end process " + pid() + " (TerminateProcess: " + Win32Errors.name(error) + ")");
    }
    return error == 0;
  }

  /**
   * Ends the process, and tries again for a quarter of a second if Windows denies it. A process
   * that is about to end cannot be ended. It shows as ended a moment later.
   *
   * @return 0, the error, or {@link #OVER}
   */
  private int terminatePersistently() throws IOException {
    int error = terminateOnce();
    for (int i = 0; mayPass(error) && i < TRIES; i++) {
      Uninterrupted.pause(PAUSE_NANOS << i);
      error = terminateOnce();
    }
    return error;
  }

  // TerminateProcess is denied for a process that is about to end, and needs memory of the kernel.
  private static boolean mayPass(int error) {
    return error == Win32Errors.ACCESS_DENIED || Win32Errors.isShortage(error);
  }

  private int terminateOnce() throws IOException {
    try (var _ = gate.hold()) {
      return isOver() ? OVER : win32.terminateProcess(started.process(), TERMINATED);
    }
  }

  private void sendEvent(int event) throws IOException {
    int error = win32.generateConsoleCtrlEvent(event, started.pid());
    if (error != 0) {
      throw new IOException(
          "cannot send a console event to process "
              + pid()
              + ": start it with CREATE_NEW_PROCESS_GROUP (GenerateConsoleCtrlEvent: "
              + Win32Errors.name(error)
              + ")");
    }
  }

  /**
   * Ends the process and the descendants that can be found, and waits.
   *
   * @return those that live at the deadline
   */
  List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    Descendants family = new Descendants();
    ProcessHandle child;
    int error = 0;
    try (var _ = gate.hold()) { // the open handle keeps the id
      if (isOver()) {
        return List.of();
      }
      child = ProcessHandle.of(pid()).orElse(null);
      if (child != null) {
        family.find(child, this::hasEnded, deadline);
        error = win32.terminateProcess(started.process(), TERMINATED);
      }
    }
    if (child == null) { // the JDK does not see it
      boolean _ = terminate();
      return List.of();
    }
    if (error != 0) {
      error = terminatePersistently();
    }
    return family.kill(child, error > 0, deadline);
  }

  /** Ends and forgets a process that no caller will ever see, if there is one. */
  public void destroy() {
    if (started.process() == 0) {
      return;
    }
    for (int i = 0; i < TRIES; i++) {
      try {
        if (!Win32Errors.isShortage(win32.terminateProcess(started.process(), TERMINATED))) {
          break;
        }
      } catch (RuntimeException | Error e) {
        // A downcall needs memory, as TerminateProcess does; some may be freed.
      }
      Uninterrupted.pause(PAUSE_NANOS << i);
    }
    close();
  }

  /** Whether it is known how the process ended. */
  boolean isKnown() {
    try (var _ = gate.hold()) {
      return status != null;
    }
  }

  void close() {
    try (var _ = gate.hold()) {
      closeHandle();
    }
  }

  private void closeHandle() {
    if (!closed) {
      closed = true;
      Handles.close(win32, started.process());
    }
  }
}
