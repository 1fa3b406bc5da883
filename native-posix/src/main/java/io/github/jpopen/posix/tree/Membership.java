package io.github.jpopen.posix.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rule that decides which processes belong to a child. These do:
 *
 * <ul>
 *   <li>the child, until its exit was collected
 *   <li>whatever has a member as its parent
 *   <li>whatever is in the group or the session of the child's number. The kernel gives a number to
 *       no new process while it names a group or a session. So the rule counts while the child is
 *       not collected, or a process that was known as a member is still in there.
 *   <li>whatever has the child's token in its environment
 *   <li>whatever is in the child's cgroup, if it has one of its own
 * </ul>
 *
 * <p>This process and those above it never do, nor does what is older than the child, unless it is
 * in that cgroup. If one of the former is in it, the cgroup counts for nothing.
 */
final class Membership {
  private static final long UNKNOWN = -1;

  private final ProcFiles proc;
  private final ChildIdentity child;
  private final Map<Integer, ProcessStat> members = new HashMap<>();
  private final Map<Integer, Long> withoutMark = new HashMap<>();
  private long childStart;
  private boolean unsure;
  private Set<Integer> never = Set.of();
  private boolean shared;

  /**
   * Makes the rule for one child.
   *
   * @param childStart when the child was started, negative if unknown
   * @param known members of an earlier look
   */
  Membership(ProcFiles proc, ChildIdentity child, long childStart, List<ProcessStat> known) {
    this.proc = proc;
    this.child = child;
    this.childStart = childStart;
    known.forEach(process -> members.put(process.pid(), process));
  }

  /** The members in a snapshot, parents before their children, without those that have ended. */
  List<ProcessStat> in(Snapshot snapshot) throws IOException {
    unsure = false;
    // Asked after the walk: then the number was the child's during the whole walk.
    ProcessStat root = snapshot.of(child.pid());
    boolean held = child.isHeld().getAsBoolean() && isOurs(root);
    boolean group = held || isPinned(snapshot, true);
    boolean session = held || isPinned(snapshot, false);
    never = snapshot.ancestry();
    Set<Integer> grouped = grouped();
    if (held && root != null) {
      childStart = root.start();
      members.put(root.pid(), root);
    }
    List<ProcessStat> candidates = new ArrayList<>();
    for (ProcessStat process : snapshot.all()) {
      boolean possible = process.start() >= childStart || grouped.contains(process.pid());
      if (possible && !process.kernel() && !never.contains(process.pid())) {
        candidates.add(process);
      }
    }
    Set<Integer> found = new HashSet<>();
    for (ProcessStat process : candidates) {
      boolean known = isMember(process);
      boolean inside =
          (group && process.group() == child.pid())
              || (session && process.session() == child.pid());
      if (known || inside || isGrouped(process, grouped) || isMarked(process)) {
        found.add(process.pid());
        members.put(process.pid(), process);
      }
    }
    addDescendants(snapshot, candidates, found);
    return alive(candidates, found);
  }

  // Read after the walk. What it shows is compared with what has the number by then.
  private Set<Integer> grouped() throws IOException {
    TreeCgroup cgroup = child.cgroup();
    Set<Integer> all = cgroup == null ? Set.of() : cgroup.processes();
    boolean ours = !Collections.disjoint(all, never);
    shared |= ours;
    return ours ? Set.of() : all;
  }

  private boolean isGrouped(ProcessStat process, Set<Integer> grouped) throws IOException {
    if (!grouped.contains(process.pid())) {
      return false;
    }
    ProcessStat now = proc.stat(process.pid());
    return now != null && now.isSame(process);
  }

  /** Whether the cgroup did not count, because this process or one above it was in it. */
  boolean isCgroupShared() {
    return shared;
  }

  /** Whether the kernel kills all that is in the cgroup, which must count. */
  boolean killCgroup() throws IOException {
    TreeCgroup cgroup = child.cgroup();
    return cgroup != null && !shared && cgroup.kill(never);
  }

  /** Whether the cgroup has a process, even one that {@code /proc} does not show. */
  boolean isCgroupPopulated() throws IOException {
    TreeCgroup cgroup = child.cgroup();
    return cgroup != null && !shared && cgroup.isPopulated();
  }

  /** The ids of what is in the cgroup, whatever {@code /proc} shows. */
  Set<Integer> inCgroup() throws IOException {
    TreeCgroup cgroup = child.cgroup();
    return cgroup == null || shared ? Set.of() : cgroup.processes();
  }

  // Where no call tells whether the child was collected, its start does.
  private boolean isOurs(@Nullable ProcessStat root) throws IOException {
    if (root == null) { // another user's, for example
      throw new IOException("/proc does not show process " + child.pid());
    }
    return childStart < 0 || root.start() == childStart;
  }

  /** Whether a process may have been between two programs, where it has no environment. */
  boolean isUnsure() {
    return unsure;
  }

  private void addDescendants(Snapshot snapshot, List<ProcessStat> candidates, Set<Integer> found) {
    boolean more = true;
    while (more) {
      more = false;
      for (ProcessStat process : candidates) {
        ProcessStat parent = snapshot.of(process.parent());
        if (!found.contains(process.pid())
            && parent != null
            && found.contains(parent.pid())
            && process.start() >= parent.start()) { // or its parent was an earlier process
          found.add(process.pid());
          members.put(process.pid(), process);
          more = true;
        }
      }
    }
  }

  private static List<ProcessStat> alive(List<ProcessStat> candidates, Set<Integer> found) {
    List<ProcessStat> alive = new ArrayList<>();
    for (ProcessStat process : candidates) {
      if (found.contains(process.pid()) && !process.isDead()) {
        alive.add(process);
      }
    }
    return alive;
  }

  private boolean isMember(ProcessStat process) {
    ProcessStat known = members.get(process.pid());
    return known != null && known.isSame(process);
  }

  // A member that was there in an earlier walk, in this one and after it has kept the number.
  private boolean isPinned(Snapshot snapshot, boolean group) throws IOException {
    for (ProcessStat known : members.values()) {
      ProcessStat walked = snapshot.of(known.pid());
      if (isInside(known, known, group) && isInside(known, walked, group)) {
        if (isInside(known, proc.stat(known.pid()), group)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isInside(ProcessStat known, @Nullable ProcessStat now, boolean group) {
    return now != null && now.isSame(known) && (group ? now.group() : now.session()) == child.pid();
  }

  private boolean isMarked(ProcessStat process) throws IOException {
    TreeMark mark = child.mark();
    if (mark == null
        || process.isDead()
        || withoutMark.getOrDefault(process.pid(), UNKNOWN) == process.start()) {
      return false;
    }
    byte[] environment = proc.environment(process.pid());
    if (environment == null) {
      return false;
    }
    if (environment.length == 0) { // none, or execve(2) is about to set it
      unsure = true;
      return false;
    }
    if (!mark.isIn(environment)) {
      // Its environment cannot become ours later: only a member passes the token on.
      withoutMark.put(process.pid(), process.start());
      return false;
    }
    // Read by number: the id may have been another process's by then.
    ProcessStat now = proc.stat(process.pid());
    return now != null && now.isSame(process);
  }
}
