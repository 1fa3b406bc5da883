package io.github.jpopen.windows.wait;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for processes to end, each for up to 63 and for one event of its own. A
 * thread starts when it is needed, and ends once it has waited for none for a while. No Error ends
 * it.
 */
public final class ExitWaiters {
  /** One less than MAXIMUM_WAIT_OBJECTS. */
  private static final int CAPACITY = 63;

  private static final long PAUSE_NANOS = 1_000_000;

  private final Win32 win32;
  private final Duration idle;
  private final UnqueuedLock lock = new UnqueuedLock();
  private final List<Group> groups = new ArrayList<>();

  /**
   * Makes them; starts no thread.
   *
   * @param idle how long a thread stays without a process
   */
  public ExitWaiters(Win32 win32, Duration idle) {
    this.win32 = win32;
    this.idle = idle;
  }

  /** Notified once, on the waiting thread. */
  public interface Ended {
    /**
     * The process ended, or cannot be waited for. If this throws, it is called again.
     *
     * @param error 0, or why it cannot
     */
    void ended(int error);
  }

  /** One process that a thread waits for. */
  public static final class Watch {
    private final Group group;
    private final long handle;
    private final Ended ended;

    /** Guarded by the lock of all groups. */
    private boolean over;

    private Watch(Group group, long handle, Ended ended) {
      this.group = group;
      this.handle = handle;
      this.ended = ended;
    }

    /** Ends the waiting. An end in the meantime may still be reported. */
    public void cancel() {
      group.cancel(this);
    }
  }

  /**
   * Waits for a process on another thread.
   *
   * @param copy a copy of its handle, for waiting only; this owns it, even if it throws
   * @throws OutOfMemoryError if there is no memory, or no thread
   */
  public Watch watch(long copy, Ended ended) throws IOException {
    boolean watched = false;
    try (var _ = lock.hold()) {
      Watch watch = groupWithRoom().add(copy, ended);
      watched = true;
      return watch;
    } finally {
      if (!watched) {
        Handles.close(win32, copy);
      }
    }
  }

  private Group groupWithRoom() throws IOException {
    for (Group group : groups) {
      if (group.size < CAPACITY) {
        return group;
      }
    }
    return newGroup();
  }

  private Group newGroup() throws IOException {
    long event = win32.createEvent();
    if (event < 0) {
      throw new IOException("CreateEventW: " + Win32Errors.name((int) -event));
    }
    boolean started = false;
    Group group = null;
    try {
      group = new Group(event);
      groups.add(group);
      OwnThreads.start(OwnThreads.daemon("jpopen-exits", OwnThreads.USUAL_STACK, group::run));
      started = true;
      return group;
    } finally {
      if (!started) {
        groups.remove(group);
        Handles.close(win32, event);
      }
    }
  }

  /** How many threads there are. */
  public int threads() {
    try (var _ = lock.hold()) {
      return groups.size();
    }
  }

  /** One thread and the processes that it waits for. */
  private final class Group {
    private final long event;
    private final MemorySegment handles =
        Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, CAPACITY + 1);

    /** Those whose handles the thread waits for. Used by the thread only. */
    private final @Nullable Watch[] waited = new @Nullable Watch[CAPACITY];

    // Guarded by the lock of all groups.
    private final @Nullable Watch[] watches = new @Nullable Watch[CAPACITY];
    private int size;
    private long idleSince = System.nanoTime();

    Group(long event) {
      this.event = event;
      handles.setAtIndex(ValueLayout.JAVA_LONG, 0, event);
    }

    // With the lock held.
    Watch add(long handle, Ended ended) throws IOException {
      Watch watch = new Watch(this, handle, ended);
      int error = win32.setEvent(event); // the thread looks once the lock is free
      if (error != 0) {
        throw new IOException("SetEvent: " + Win32Errors.name(error));
      }
      watches[size] = watch;
      size++;
      return watch;
    }

    void cancel(Watch watch) {
      try (var _ = lock.hold()) {
        if (!watch.over) {
          watch.over = true;
          wake();
        }
      }
    }

    // If it fails, the handle is closed when the thread wakes up next.
    private void wake() {
      try {
        int _ = win32.setEvent(event);
      } catch (RuntimeException | Error e) {
        // A downcall needs memory.
      }
    }

    // A process that has ended stays signalled, so what an Error interrupts is done again.
    void run() {
      boolean going = true;
      while (going) {
        try {
          going = turn();
        } catch (RuntimeException | Error e) {
          Uninterrupted.pause(PAUSE_NANOS);
        }
      }
      Handles.close(win32, event);
    }

    private boolean turn() {
      int count = prepare();
      if (count < 0) {
        return false;
      }
      int millis = (int) Math.max(1, idle.toMillis());
      int index = win32.waitForAny(handles, count + 1, millis);
      if (index < 0) {
        giveUp(-index);
        return false;
      }
      Watch watch = index > 0 && index <= count ? waited[index - 1] : null;
      if (watch != null) {
        end(watch, 0);
      }
      return true;
    }

    /** Drops those that are over; returns how many are left, or −1 if the thread is to end. */
    private int prepare() {
      try (var _ = lock.hold()) {
        for (int i = size - 1; i >= 0; i--) {
          Watch watch = watches[i];
          if (watch != null && watch.over) {
            remove(i, watch);
          }
        }
        for (int i = 0; i < size; i++) {
          Watch watch = watches[i];
          waited[i] = watch;
          handles.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, watch == null ? event : watch.handle);
        }
        if (size == 0 && System.nanoTime() - idleSince >= idle.toNanos()) {
          groups.remove(this);
          return -1;
        }
        return size;
      }
    }

    private void remove(int index, Watch watch) {
      size--;
      watches[index] = watches[size];
      watches[size] = null;
      idleSince = System.nanoTime();
      Handles.close(win32, watch.handle);
    }

    private void end(Watch watch, int error) {
      watch.ended.ended(error);
      try (var _ = lock.hold()) {
        watch.over = true;
      }
    }

    // WaitForMultipleObjects does not fail for valid handles. If it does, each child learns of the
    // error and waits in another group next time.
    private void giveUp(int error) {
      try (var _ = lock.hold()) {
        groups.remove(this);
      }
      while (size > 0) { // no other thread adds to it any longer
        Watch watch = watches[size - 1];
        if (watch != null) {
          if (!watch.over) {
            tell(watch, error);
          }
          remove(size - 1, watch);
        }
      }
    }

    private void tell(Watch watch, int error) {
      while (!watch.over) {
        try {
          end(watch, error);
        } catch (RuntimeException | Error e) {
          Uninterrupted.pause(PAUSE_NANOS);
        }
      }
    }
  }
}
