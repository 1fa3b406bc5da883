package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What a child can only inherit from the thread that starts it: descriptors beyond its standard
 * streams, its umask, its user and its groups.
 */
final class SpawnIdentity {
  private static final int SAME = -1;
  private static final int ROOT = 0;
  private static final int DUMPABLE = 1;

  // There is one such flag for the process, see {@link #around}.
  private static final ReentrantLock DUMPABLE_LOCK = new ReentrantLock();

  private final Posix posix;
  private final int[] descriptors;
  private final int mask;
  private final int user;
  private final int group;
  private final int groupCount;
  private final MemorySegment groups;
  private final int[] sortedGroups;
  private int userBefore = SAME;

  /** Looks up what is asked for by name. */
  SpawnIdentity(Posix posix, Arena arena, PosixSettings settings, SpawnFailure failure)
      throws SpawnRefused {
    this.posix = posix;
    descriptors = open(posix, settings.passFds(), failure);
    mask = settings.umask().orElse(SAME);
    if (settings.identity().isOurs()) { // as that of nearly every child
      user = SAME;
      group = SAME;
      groupCount = SAME;
      groups = MemorySegment.NULL;
      sortedGroups = new int[0];
      return;
    }
    Accounts accounts = new Accounts(posix, arena, failure);
    Account account = settings.identity().user().orElse(null);
    user = account == null ? SAME : accounts.user(account);
    account = settings.identity().group().orElse(null);
    group = account == null ? SAME : accounts.group(account);
    List<Account> all = settings.identity().extraGroups().orElse(List.of());
    groupCount = settings.identity().extraGroups().isPresent() ? all.size() : SAME;
    groups = room(all.size(), arena);
    sortedGroups = new int[all.size()];
    for (int i = 0; i < groupCount; i++) {
      sortedGroups[i] = accounts.group(all.get(i));
      groups.setAtIndex(ValueLayout.JAVA_INT, i, sortedGroups[i]);
    }
    Arrays.sort(sortedGroups);
  }

  private static MemorySegment room(int count, Arena arena) {
    return count == 0
        ? MemorySegment.NULL
        : arena.allocate((long) count * Integer.BYTES, Integer.BYTES);
  }

  // No stream: every child passes here, and the first would pay for linking it.
  private static int[] open(Posix posix, List<Integer> all, SpawnFailure failure)
      throws SpawnRefused {
    int[] descriptors = new int[all.size()];
    int count = 0;
    for (int descriptor : all) {
      if (descriptor >= SpawnConstants.FIRST_OTHER) {
        int result = posix.descriptorFlags(descriptor);
        if (result < 0) {
          throw failure.ofDescriptor(descriptor, "fcntl", -result);
        }
        descriptors[count++] = descriptor;
      }
    }
    return Arrays.copyOf(descriptors, count);
  }

  /** The descriptors the child keeps, all above its standard streams. */
  int[] descriptors() {
    return descriptors;
  }

  boolean hasMask() {
    return mask != SAME;
  }

  boolean hasIdentity() {
    return user != SAME || group != SAME || groupCount != SAME;
  }

  /** Whether the child must get something that no file action gives. */
  boolean needsThread() {
    return hasMask() || hasIdentity();
  }

  /** Nothing but what every child gets. */
  boolean isNothing() {
    return descriptors.length == 0 && !needsThread();
  }

  /** Lets the child keep its descriptors. The thread has a table of its own. */
  SpawnResult keepDescriptors() {
    for (int descriptor : descriptors) {
      int result = posix.clearCloseOnExec(descriptor);
      if (result < 0) {
        return SpawnResult.of("fcntl", result);
      }
    }
    return SpawnResult.DONE;
  }

  /** Sets the umask. The thread has one of its own. */
  SpawnResult setMask() {
    if (!hasMask()) {
      return SpawnResult.DONE;
    }
    posix.setMask(mask);
    boolean set = posix.setMask(mask) == mask; // umask(2) returns the mask before, and no error
    return set ? SpawnResult.DONE : denied("umask");
  }

  /**
   * Makes the thread what the child is to be, as the last thing before the spawn. Each effect is
   * checked: a filter may answer 0 and do nothing, and the child would have our rights.
   */
  SpawnResult become() {
    if (groupCount != SAME) {
      int result = posix.setThreadGroups(groupCount, groups);
      if (result < 0 || !hasGroups()) {
        return result < 0 ? SpawnResult.of("setgroups", result) : denied("setgroups");
      }
    }
    if (group != SAME) {
      int result = posix.setThreadGroup(group);
      if (result < 0 || posix.effectiveGroup() != group) {
        return result < 0 ? SpawnResult.of("setresgid", result) : denied("setresgid");
      }
    }
    return user == SAME ? SpawnResult.DONE : becomeUser();
  }

  private SpawnResult becomeUser() {
    userBefore = posix.effectiveUser();
    // The kernel drops these when real, effective and saved user are all non-root. Here the saved
    // one stays root.
    int result = userBefore == ROOT && user != ROOT ? posix.dropAmbientCapabilities() : 0;
    if (result < 0) {
      return SpawnResult.of("prctl", result);
    }
    result = posix.setThreadUser(user);
    if (result < 0 || posix.effectiveUser() != user) {
      return result < 0 ? SpawnResult.of("setresuid", result) : denied("setresuid");
    }
    return SpawnResult.DONE;
  }

  private SpawnResult denied(String call) {
    return SpawnResult.of(call, -posix.constants().EPERM());
  }

  // The kernel sorts them. The memory is this thread's, which is not the owner of the other.
  private boolean hasGroups() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment present = room(sortedGroups.length, arena);
      int count = posix.threadGroups(sortedGroups.length, present);
      if (count != sortedGroups.length) {
        return false;
      }
      int[] found = new int[count];
      for (int i = 0; i < count; i++) {
        found[i] = present.getAtIndex(ValueLayout.JAVA_INT, i);
      }
      Arrays.sort(found);
      return Arrays.equals(found, sortedGroups);
    }
  }

  /** Makes the thread what it was, as far as others could profit from what it is. */
  void revert() {
    if (userBefore != SAME) {
      posix.setThreadUser(userBefore);
      userBefore = SAME;
    }
  }

  /**
   * Runs what starts the thread and waits for it.
   *
   * <p>When a thread takes another user, the kernel clears the dumpable flag of the whole process
   * ({@code PR_SET_DUMPABLE} of prctl(2)) for good. No core would be written again, so the flag is
   * restored afterwards.
   */
  SpawnResult around(Supplier<SpawnResult> spawn) {
    if (!hasIdentity()) {
      return spawn.get();
    }
    DUMPABLE_LOCK.lock();
    try {
      int before = posix.dumpable();
      try {
        return spawn.get();
      } finally {
        if (before == DUMPABLE) {
          posix.setDumpable(DUMPABLE);
        }
      }
    } finally {
      DUMPABLE_LOCK.unlock();
    }
  }
}
