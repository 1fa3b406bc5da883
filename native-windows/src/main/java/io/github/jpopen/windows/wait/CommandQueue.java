package io.github.jpopen.windows.wait;

import org.jspecify.annotations.Nullable;

/**
 * What the port thread has to do, first in, first out. Allocates nothing, so that a handle can be
 * closed even if memory is short. Guarded by the lock of its owner.
 */
final class CommandQueue {
  /** Something to do. It is queued at most once. */
  abstract static class Command {
    private @Nullable Command next;
    private boolean queued;

    /** Does it, on the port thread. If it throws, it is run again later. */
    abstract void run();
  }

  private @Nullable Command first;
  private @Nullable Command last;
  private int size;

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  void add(Command command) {
    if (command.queued) {
      return;
    }
    command.queued = true;
    Command end = last;
    if (end == null) {
      first = command;
    } else {
      end.next = command;
    }
    last = command;
    size++;
  }

  /** Takes the first one; null if there is none. */
  @Nullable Command poll() {
    Command taken = first;
    if (taken != null) {
      remove(null, taken);
    }
    return taken;
  }

  /** Removes a command; false if it is not queued. */
  boolean remove(Command command) {
    Command previous = null;
    for (Command at = first; at != null; at = at.next) {
      if (at.equals(command)) { // its identity
        remove(previous, at);
        return true;
      }
      previous = at;
    }
    return false;
  }

  private void remove(@Nullable Command previous, Command command) {
    Command next = command.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    }
    command.next = null;
    command.queued = false;
    size--;
  }
}
