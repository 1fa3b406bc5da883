package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.GarbageWatch;
import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The job object of one child, whose handle this owns. Thread-safe.
 *
 * <p>Its processes are the child and, if the job is for a tree, all that it starts. It stays open
 * while they may have to be ended, even when the child is closed, and until the garbage collector
 * finds it at most.
 */
public final class ChildJob {
  private static final int TERMINATED = 1;
  private static final Duration DESTROY_TIME = Duration.ofMillis(255);
  private static final int FEW = 64;
  private static final int TRIES = 8;
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The handle, apart from its owner, so that the garbage collector can find the owner. */
  private static final class Owned implements Runnable {
    final Win32 win32;
    final long handle;
    final boolean tree;
    final UnqueuedLock gate = new UnqueuedLock();

    // Guarded by the gate.
    boolean armed;
    boolean closed;

    Owned(Win32 win32, long handle, boolean tree, boolean armed) {
      this.win32 = win32;
      this.handle = handle;
      this.tree = tree;
      this.armed = armed;
    }

    // A handle that stays armed is left to Windows: the child may have to outlive its owner.
    @Override
    public void run() {
      if (disarm()) {
        close();
      }
    }

    void close() {
      try (var _ = gate.hold()) {
        if (!closed) {
          closed = true;
          Handles.close(win32, handle);
        }
      }
    }

    /**
     * Removes the limit by which closing the handle would end the processes.
     *
     * @return whether it is removed; false after 255 ms
     */
    boolean disarm() {
      for (int i = 0; i < TRIES; i++) {
        if (isDisarmed()) {
          return true;
        }
        Uninterrupted.pause(FIRST_PAUSE_NANOS << i);
      }
      return false;
    }

    private boolean isDisarmed() {
      try (var _ = gate.hold()) {
        armed = armed && !closed && win32.limitJob(handle, false, !tree) != 0;
        return !armed;
      } catch (RuntimeException | Error e) { // a downcall needs memory; some may be freed
        return false;
      }
    }
  }

  private final Owned owned;
  private final Cleaner.Cleanable closing;

  private ChildJob(Owned owned) {
    this.owned = owned;
    closing = GarbageWatch.register(this, owned);
  }

  /**
   * Makes a job without a process.
   *
   * @param tree whether what the child starts belongs to it
   * @param dies whether its processes end with this process
   */
  public static ChildJob create(Win32 win32, boolean tree, boolean dies) throws Win32Exception {
    long handle = win32.createJob();
    if (handle < 0) {
      throw new Win32Exception("CreateJobObjectW", (int) -handle);
    }
    ChildJob made = null;
    try {
      int error = dies ? win32.limitJob(handle, true, !tree) : 0;
      if (error != 0) {
        throw new Win32Exception("SetInformationJobObject", error);
      }
      made = new ChildJob(new Owned(win32, handle, tree, dies));
      return made;
    } finally {
      if (made == null) {
        Handles.close(win32, handle);
      }
    }
  }

  /** The handle, while the child is started. */
  public long handle() {
    return owned.handle;
  }

  /** Whether what the child starts belongs to the job. */
  public boolean isForTree() {
    return owned.tree;
  }

  /**
   * Ends whatever is in it, and forgets it: the child was not started.
   *
   * @param failure why not; if something is left in the job, it says so
   */
  public void destroy(Throwable failure) {
    try {
      List<ProcessHandle> left = kill(Deadline.after(DESTROY_TIME));
      if (!left.isEmpty()) {
        failure.addSuppressed(
            new IOException("what the child has started could not be killed: " + left));
      }
    } catch (IOException | RuntimeException | Error e) { // a downcall needs memory
      failure.addSuppressed(e);
    } finally {
      owned.close(); // which may end what is in it
      closing.clean();
    }
  }

  /**
   * The child has ended or was closed, so its end no longer depends on that of this process. If no
   * other process is left, the handle is closed.
   */
  void release() {
    if (owned.disarm() && isEmpty()) {
      closing.clean();
    }
  }

  private boolean isEmpty() {
    try (var _ = owned.gate.hold()) {
      // After an error, too, there may be some.
      return !owned.tree
          || owned.closed
          || owned.win32.jobProcesses(owned.handle, new long[1]) == 0;
    } catch (OutOfMemoryError e) {
      return false; // the garbage collector closes it
    }
  }

  /** Ends all processes, and returns those that are left at the deadline. */
  List<ProcessHandle> kill(Deadline deadline) throws IOException {
    long pause = FIRST_PAUSE_NANOS;
    int refusals = 0;
    while (true) {
      refusals = terminate() == 0 ? 0 : refusals + 1;
      long[] ids = processes();
      if (ids.length == 0) {
        return List.of();
      }
      if (deadline.hasPassed() || refusals > TRIES) {
        return living(ids);
      }
      Uninterrupted.pause(Math.min(pause, deadline.nanosLeft()));
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  private int terminate() {
    try (var _ = owned.gate.hold()) {
      return owned.closed ? 0 : owned.win32.terminateJob(owned.handle, TERMINATED);
    }
  }

  /** Waits until no process is left; false if the deadline passed first. */
  boolean awaitEmpty(Deadline deadline) throws IOException, InterruptedException {
    long pause = FIRST_PAUSE_NANOS;
    while (processes().length > 0) {
      if (deadline.hasPassed()) {
        return false;
      }
      // A job is signalled only when its time has passed, so it has to be looked at.
      TimeUnit.NANOSECONDS.sleep(Math.min(pause, deadline.nanosLeft()));
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    return true;
  }

  /** The ids of the processes. They are in use: a process leaves a job by its end only. */
  private long[] processes() throws IOException {
    long[] ids = new long[FEW];
    while (true) {
      int count;
      try (var _ = owned.gate.hold()) {
        count = owned.closed ? 0 : owned.win32.jobProcesses(owned.handle, ids);
      }
      if (count >= 0) {
        return Arrays.copyOf(ids, count);
      }
      if (count != -Win32Errors.MORE_DATA) {
        throw new IOException("QueryInformationJobObject: " + Win32Errors.name(-count));
      }
      ids = new long[2 * ids.length];
    }
  }

  private static List<ProcessHandle> living(long[] ids) {
    List<ProcessHandle> living = new ArrayList<>();
    for (long id : ids) {
      ProcessHandle.of(id).filter(ProcessHandle::isAlive).ifPresent(living::add);
    }
    return List.copyOf(living);
  }
}
