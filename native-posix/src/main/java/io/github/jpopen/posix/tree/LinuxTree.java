package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Uninterrupted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk after another through the processes of a child: stops them until no new one appears, and
 * then kills them. Used once, by one thread.
 */
final class LinuxTree implements AutoCloseable {
  /** So many walks in a row that find no new process are enough, whatever else happens. */
  private static final int CALM = 3;

  private static final long PAUSE_NANOS = 2_000_000;

  /** So many descriptors at most: this process has others to open. */
  private static final int MOST_DESCRIPTORS = 256;

  private final Posix posix;
  private final ProcessDescriptors descriptors;
  private final ProcFiles proc;
  private final Membership rule;
  private final EndWait ends;
  private final Map<Integer, Member> held = new HashMap<>();
  private final List<Member> members = new ArrayList<>();
  private int closed;

  LinuxTree(
      Posix posix, ProcessDescriptors descriptors, ProcFiles proc, Membership rule, EndWait ends) {
    this.posix = posix;
    this.descriptors = descriptors;
    this.proc = proc;
    this.rule = rule;
    this.ends = ends;
  }

  /** Those that are there now. */
  List<ProcessStat> look() throws IOException {
    return rule.in(Snapshot.take(proc));
  }

  /** Kills all; returns those that live when the deadline has passed, or the system refuses. */
  List<ProcessHandle> kill(Deadline deadline) throws IOException {
    boolean more = true;
    boolean wiped = false;
    while (more) {
      try {
        freeze(deadline);
      } finally { // whatever failed, no process stays stopped
        try {
          more = killFrozen();
        } finally {
          wiped |= rule.killCgroup();
        }
      }
      for (Member member : members) {
        if (!member.isRefused()) {
          boolean _ = ends.awaitUninterrupted(member, deadline);
        }
      }
      more &= !deadline.hasPassed();
    }
    while (wiped && rule.isCgroupPopulated() && !deadline.hasPassed()) { // one that /proc hides
      Uninterrupted.pause(PAUSE_NANOS);
    }
    List<ProcessHandle> survivors = survivors(deadline);
    if (rule.isCgroupShared()) {
      throw new IOException("this process is in the cgroup that was to be killed, or one above it");
    }
    return survivors;
  }

  private List<ProcessHandle> survivors(Deadline deadline) throws IOException {
    Set<Integer> alive = new LinkedHashSet<>();
    for (Member member : members) {
      if (!member.hasEnded()) {
        alive.add(member.seen().pid());
      }
    }
    if (deadline.hasPassed()) { // there may be some that were not even stopped
      rule.in(Snapshot.take(proc)).forEach(process -> alive.add(process.pid()));
      alive.addAll(rule.inCgroup());
    }
    return alive.stream().map(ProcessHandle::of).flatMap(Optional::stream).toList();
  }

  // A walk misses what is started behind it. One that finds all members stopped, and during which
  // the kernel has given no id, has missed nothing.
  private void freeze(Deadline deadline) throws IOException {
    int calm = 0;
    while (calm < CALM) {
      Snapshot snapshot = Snapshot.take(proc);
      boolean settled = snapshot.isComplete();
      boolean found = false;
      for (ProcessStat process : rule.in(snapshot)) {
        Member known = known(process);
        if (known == null) {
          found = true;
          hold(process);
        } else {
          settled &= process.isStopped() || known.isRefused();
        }
      }
      calm = found ? 0 : calm + 1;
      if ((!found && settled && !rule.isUnsure()) || deadline.hasPassed()) {
        return;
      }
    }
  }

  private @Nullable Member known(ProcessStat process) {
    Member member = held.get(process.pid());
    return member != null && member.seen().isSame(process) ? member : null;
  }

  private void hold(ProcessStat process) throws IOException {
    boolean wanted = members.size() < MOST_DESCRIPTORS;
    Member member = Member.open(posix, descriptors, proc, process, wanted);
    if (member != null) {
      members.add(member);
      held.put(process.pid(), member);
      member.stop();
    }
  }

  // The first ones last: where the leader of a group ends, the kernel continues the stopped others.
  private boolean killFrozen() {
    boolean any = false;
    OutOfMemoryError missing = null;
    for (int i = members.size() - 1; i >= 0; i--) {
      Member member = members.get(i);
      if (!member.isKilled()) {
        any = true;
        try {
          member.kill();
        } catch (OutOfMemoryError e) { // the others must not stay stopped
          missing = e;
        }
      }
    }
    if (missing != null) {
      throw missing;
    }
    return any;
  }

  /** Waits until none is left; false if the deadline passed first. */
  boolean await(Deadline deadline) throws IOException, InterruptedException {
    while (true) {
      List<ProcessStat> alive = look();
      if (alive.isEmpty()) {
        return true;
      }
      for (ProcessStat process : alive) {
        try (Member member = Member.open(posix, descriptors, proc, process, true)) {
          if (member != null && !ends.await(member, deadline)) {
            return false;
          }
        }
      }
      if (deadline.hasPassed()) {
        return false;
      }
    }
  }

  // All of them, even if other code has closed one.
  @Override
  public void close() {
    try {
      while (closed < members.size()) {
        members.get(closed++).close();
      }
    } finally {
      if (closed < members.size()) {
        close();
      }
    }
  }
}
