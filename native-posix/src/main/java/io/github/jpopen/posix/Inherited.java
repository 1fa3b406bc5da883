package io.github.jpopen.posix;

import io.github.jpopen.SpawnException;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * What a child inherits from the thread that starts it and cannot be told otherwise: descriptors
 * beyond its standard streams, its umask, its user and its groups.
 */
final class Inherited {
  /** Why umask, user and groups are not to be had. */
  static final String NEEDS_LINUX =
      "umask, user, group and extraGroups need Linux, and umask unshare(CLONE_FS), too: elsewhere"
          + " all threads have the same";

  private static final int SAME = -1;
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
  private int userBefore = SAME;

  /** Looks up what is asked for by name. */
  Inherited(Posix posix, Arena arena, PosixSettings settings, SpawnFailure failure)
      throws SpawnException {
    this.posix = posix;
    descriptors = open(posix, settings.passFds(), failure);
    mask = settings.umask().orElse(SAME);
    Accounts accounts = new Accounts(posix, arena, failure);
    Account account = settings.identity().user().orElse(null);
    user = account == null ? SAME : accounts.user(account);
    account = settings.identity().group().orElse(null);
    group = account == null ? SAME : accounts.group(account);
    List<Account> all = settings.identity().extraGroups().orElse(List.of());
    groupCount = settings.identity().extraGroups().isPresent() ? all.size() : SAME;
    groups =
        all.isEmpty()
            ? MemorySegment.NULL
            : arena.allocate((long) groupCount * Integer.BYTES, Integer.BYTES);
    for (int i = 0; i < groupCount; i++) {
      groups.setAtIndex(ValueLayout.JAVA_INT, i, accounts.group(all.get(i)));
    }
  }

  // No stream: every child passes here, and the first would pay for linking it.
  private static int[] open(Posix posix, List<Integer> all, SpawnFailure failure)
      throws SpawnException {
    int[] descriptors = new int[all.size()];
    int count = 0;
    for (int descriptor : all) {
      if (descriptor >= SpawnCall.FIRST_OTHER) {
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

  /**
   * Lets the child keep its descriptors. The thread has a table of its own.
   *
   * @return 0 or a negated error
   */
  int keepDescriptors(SpawnCall call) {
    for (int descriptor : descriptors) {
      int result = posix.clearCloseOnExec(descriptor);
      if (result < 0) {
        return call.fail("fcntl", result);
      }
    }
    return 0;
  }

  /** Sets the umask. The thread has one of its own. */
  void setMask() {
    if (hasMask()) {
      posix.setMask(mask); // it cannot fail
    }
  }

  /**
   * Makes the thread what the child is to be, as the last thing before the spawn.
   *
   * @return 0 or a negated error
   */
  int become(SpawnCall call) {
    int result = groupCount == SAME ? 0 : posix.setThreadGroups(groupCount, groups);
    if (result < 0) {
      return call.fail("setgroups", result);
    }
    result = group == SAME ? 0 : posix.setThreadGroup(group);
    if (result < 0) {
      return call.fail("setresgid", result);
    }
    if (user == SAME) {
      return 0;
    }
    userBefore = posix.effectiveUser();
    result = posix.setThreadUser(user);
    return result < 0 ? call.fail("setresuid", result) : 0;
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
   * <p>While a thread is somebody else's, the kernel keeps that user from tracing this process
   * ({@code PR_SET_DUMPABLE} of prctl(2)), and does so ever after: no core would be written any
   * more. So that is undone afterwards.
   */
  int around(IntSupplier spawn) {
    if (!hasIdentity()) {
      return spawn.getAsInt();
    }
    DUMPABLE_LOCK.lock();
    try {
      int before = posix.dumpable();
      try {
        return spawn.getAsInt();
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
