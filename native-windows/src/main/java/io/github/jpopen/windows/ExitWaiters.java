package io.github.jpopen.windows;

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
 * Waits for the exits of children that somebody waits for: threads that each hold up to 63 process
 * handles of their own and one event. They start when they are needed, and stay.
 */
final class ExitWaiters {
  /** One less than MAXIMUM_WAIT_OBJECTS. */
  private static final int CAPACITY = 63;

  private final Win32 win32;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Group> groups = new ArrayList<>();

  ExitWaiters(Win32 win32) {
    this.win32 = win32;
  }

  /** Told once, on the waiting thread. */
  interface Ended {
    /**
     * The process ended, or cannot be waited for.
     *
     * @param error 0, or why it cannot
     */
    void ended(int error);
  }

  /** A child that is waited for. */
  static final class Watch {
    private final Group group;
    private final long handle;
    private final Ended ended;

    private Watch(Group group, long handle, Ended ended) {
      this.group = group;
      this.handle = handle;
      this.ended = ended;
    }

    /** Ends the waiting; what ended meanwhile may still be told. */
    void cancel() {
      group.command(() -> group.remove(this));
    }
  }

  /**
   * Waits for a process on another thread.
   *
   * @param process stays the caller's
   */
  Watch watch(long process, Ended ended) throws IOException {
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
  int threads() {
    lock.lock();
    try {
      return groups.size();
    } finally {
      lock.unlock();
    }
  }

  /** One thread. */
  private final class Group {
    private final long event;
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();

    /** Of the thread. */
    private final List<Watch> watches = new ArrayList<>();

    /** Guarded by the lock of all groups: those on their way here, too. */
    private int members;

    /** Guarded by the lock of all groups: the thread has ended, and its event is closed. */
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

    // Not to be expected of handles of our own. Who waits is told, and waits in another group if it
    // waits again.
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
