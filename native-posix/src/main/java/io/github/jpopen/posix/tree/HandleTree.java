package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Uninterrupted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of a child without {@code /proc}: the group that the child leads, and the
 * descendants that the JDK knows. A process that has left the group and lost its parent is missed.
 * One in the group that has lost its parent is killed, and not waited for.
 */
final class HandleTree {
  private static final long PAUSE_NANOS = 2_000_000;

  private final Posix posix;
  private final ChildIdentity child;
  private final Set<ProcessHandle> members = new LinkedHashSet<>();

  /** Those that the system would not let us signal. A process that has ended takes any signal. */
  private final Set<ProcessHandle> refused = new HashSet<>();

  /**
   * Makes it.
   *
   * @param known processes of the child that an earlier look has found
   */
  HandleTree(Posix posix, ChildIdentity child, Set<ProcessHandle> known) {
    this.posix = posix;
    this.child = child;
    members.addAll(known);
  }

  /** Those that are there now, and those that were known. */
  Set<ProcessHandle> look() {
    boolean _ = find();
    return Set.copyOf(members);
  }

  /** Waits until none of them is left; false if the deadline passed first. */
  boolean await(Deadline deadline) throws InterruptedException {
    boolean _ = find();
    while (!left().isEmpty()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (deadline.hasPassed()) {
        return false;
      }
      LockSupport.parkNanos(this, PAUSE_NANOS); // no event tells of the end of a stranger's child
      boolean _ = find();
    }
    return true;
  }

  /** Kills all; returns those that live when the deadline has passed. */
  List<ProcessHandle> kill(Deadline deadline) {
    int stop = posix.constants().signalNumber("SIGSTOP").orElseThrow();
    int kill = posix.constants().SIGKILL();
    try {
      do {
        signalAll(stop);
      } while (find() && !deadline.hasPassed());
    } finally {
      signalAll(kill);
    }
    while (find() && !deadline.hasPassed()) { // what was started meanwhile
      signalAll(kill);
    }
    List<ProcessHandle> left = left();
    while (!refused.containsAll(left) && !deadline.hasPassed()) {
      Uninterrupted.pause(PAUSE_NANOS);
      left = left();
    }
    return List.copyOf(left);
  }

  // Whether there is a new one. The id is the child's as long as its exit was not collected.
  private boolean find() {
    boolean found = false;
    Optional<ProcessHandle> root = ProcessHandle.of(child.pid());
    if (child.isHeld().getAsBoolean() && root.isPresent()) {
      found = members.add(root.get());
    }
    for (ProcessHandle member : List.copyOf(members)) {
      if (member.isAlive()) {
        found |= members.addAll(member.descendants().toList());
      }
    }
    return found;
  }

  // A handle knows the start of its process, and isAlive compares it.
  private void signalAll(int signal) {
    if (child.isHeld().getAsBoolean()) {
      int _ = posix.kill(-child.pid(), signal); // ESRCH if it leads none
    }
    for (ProcessHandle member : members) {
      if (member.isAlive()) {
        int result = posix.kill(Math.toIntExact(member.pid()), signal);
        if (result == -posix.constants().EPERM()) {
          refused.add(member);
        }
      }
    }
  }

  private List<ProcessHandle> left() {
    List<ProcessHandle> left = new ArrayList<>();
    for (ProcessHandle member : members) {
      if (member.isAlive() && (refused.contains(member) || !isZombie(member))) {
        left.add(member);
      }
    }
    return left;
  }

  // Nothing of the program is known once a process has ended, though its exit is not collected.
  private static boolean isZombie(ProcessHandle member) {
    return member.info().command().isEmpty() && member.info().arguments().isEmpty();
  }
}
