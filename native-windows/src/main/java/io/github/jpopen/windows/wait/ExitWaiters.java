package io.github.jpopen.windows.wait;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that wait for processes to end, each for up to 63 and for one event of its own. A
 * thread starts when it is needed, and stays.
 */
public final class ExitWaiters {
  /** One less than MAXIMUM_WAIT_OBJECTS. */
  private static final int CAPACITY = 63;

  private final Win32 win32;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Group> groups = new ArrayList<>();

  public ExitWaiters(Win32 win32) {
    this.win32 = win32;
  }

  /** Notified once, on the waiting thread. */
  public interface Ended {
    /**
     * The process ended, or cannot be waited for.
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

    private Watch(Group group, long handle, Ended ended) {
      this.group = group;
      this.handle = handle;
      this.ended = ended;
    }

    /** Ends the waiting. An end in the meantime may still be reported. */
    public void cancel() {
      group.command(() -> group.remove(this));
    }
  }

  /**
   * Waits for a process on another thread.
   *
   * @param process a handle, which this copies
   */
  public Watch watch(long process, Ended ended) throws IOException {
    long copy = win32.duplicateForWaiting(process);
    if (copy < 0) {
      throw new IOException("DuplicateHandle: " + Win32Errors.name((int) -copy));
    }
    lock.lock();
    try {
      Group group = null;
      for (Group candidate : groups) {
        if (candidate.members < CAPACITY) {
          group = candidate;
        }
      }
      if (group == null) {
        group = newGroup();
      }
      Watch watch = new Watch(group, copy, ended);
      group.members++;
      Group chosen = group;
      chosen.command(() -> chosen.watches.add(watch));
      return watch;
    } catch (IOException | RuntimeException | Error e) {
      int _ = win32.closeHandle(copy);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private Group newGroup() throws IOException {
    long event = win32.createEvent();
    if (event < 0) {
      throw new IOException("CreateEventW: " + Win32Errors.name((int) -event));
    }
    Group group = new Group(event);
    Thread thread =
        Thread.ofPlatform()
            .name("jpopen-exits")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(group::run);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      int _ = win32.closeHandle(event);
      throw e;
    }
    groups.add(group);
    return group;
  }

  /** How many threads there are. */
  public int threads() {
    lock.lock();
    try {
      return groups.size();
    } finally {
      lock.unlock();
    }
  }

  /** One thread and the processes that it waits for. */
  private final class Group {
    private final long event;
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();

    /** Used by the thread only. */
    private final List<Watch> watches = new ArrayList<>();

    /** Includes those that are still in a command. Guarded by the lock of all groups. */
    private int members;

    /** The thread has ended, and its event is closed. Guarded by the lock of all groups. */
    private boolean over;

    Group(long event) {
      this.event = event;
    }

    void command(Runnable command) {
      lock.lock();
      try {
        if (!over) {
          commands.add(command);
          int _ = win32.setEvent(event);
        }
      } finally {
        lock.unlock();
      }
    }

    void remove(Watch watch) {
      if (watches.remove(watch)) {
        int _ = win32.closeHandle(watch.handle);
        lock.lock();
        try {
          members--;
        } finally {
          lock.unlock();
        }
      }
    }

    void run() {
      MemorySegment handles = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, CAPACITY + 1);
      while (true) {
        handles.setAtIndex(ValueLayout.JAVA_LONG, 0, event);
        for (int i = 0; i < watches.size(); i++) {
          handles.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, watches.get(i).handle);
        }
        int index = win32.waitForAny(handles, watches.size() + 1);
        if (index < 0) {
          giveUp(-index);
          return;
        }
        if (index > 0) {
          end(watches.get(index - 1), 0);
        }
        runCommands();
      }
    }

    private void runCommands() {
      for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
        command.run();
      }
    }

    // WaitForMultipleObjects does not fail for valid handles. If it does, each child learns of the
    // error and waits in another group next time.
    private void giveUp(int error) {
      lock.lock();
      try {
        over = true;
        groups.remove(this);
        int _ = win32.closeHandle(event);
      } finally {
        lock.unlock();
      }
      runCommands();
      List.copyOf(watches).forEach(watch -> end(watch, error));
    }

    private void end(Watch watch, int error) {
      remove(watch);
      watch.ended.ended(error);
    }
  }
}
