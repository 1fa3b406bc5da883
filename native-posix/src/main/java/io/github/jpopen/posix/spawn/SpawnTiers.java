package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.child.ChildServices;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.Uninterrupted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses the {@link SpawnTier} of each spawn, and tries again where an error is known to pass. */
final class SpawnTiers {
  private static final int LIMIT_TRIES = 10;
  private static final int AGAIN_TRIES = 5;
  private static final long AGAIN_NANOS = 60_000_000;
  private static final int BUSY_TRIES = 5;
  private static final long BUSY_NANOS = 20_000_000;

  private final ChildServices children;
  private final Posix posix;

  // Those this system has not refused for good. Two threads may bring back what the other took
  // away, and learn it again.
  private volatile List<SpawnTier> usable;

  SpawnTiers(ChildServices children, SpawnTier best) {
    this.children = children;
    posix = children.posix();
    List<SpawnTier> all = List.of(SpawnTier.values());
    usable = all.subList(all.indexOf(best), all.size());
  }

  /**
   * Spawns in the best way this system allows.
   *
   * @throws UnsupportedOperationException if there is none for what the child needs
   */
  SpawnResult spawn(SpawnCall call) {
    for (SpawnTier tier : usable) {
      if (tier.serves(posix, call)) {
        SpawnResult result = persist(tier, call);
        if (!result.refused()) {
          return result;
        }
        if (isForGood(result.error())) {
          forget(tier);
        }
      }
    }
    throw new UnsupportedOperationException(missing(call));
  }

  private static String missing(SpawnCall call) {
    SpawnIdentity identity = call.identity();
    if (identity.hasMask()) {
      return "umask needs Linux and unshare(CLONE_FS)";
    }
    if (identity.hasIdentity()) {
      return call.hasDirectory()
          ? "a user or groups with a working directory need Linux and unshare(CLONE_FS)"
          : SpawnConstants.NEEDS_LINUX;
    }
    if (!identity.isNothing()) {
      return "passFds needs Linux 5.11, unshare(CLONE_FILES) or macOS";
    }
    return call.hasDirectory()
        ? "working directory needs glibc 2.29, musl 1.1.24, macOS 10.15 or unshare(CLONE_FS)"
        : "isolating a child needs glibc 2.34, Linux 5.9 or /proc";
  }

  // An old kernel, a filter or a missing /proc stays. What lacks memory, descriptors or threads may
  // have them next time.
  private boolean isForGood(int error) {
    PosixConstants constants = posix.constants();
    return error == constants.ENOSYS()
        || error == constants.EPERM()
        || error == constants.EACCES()
        || error == constants.EINVAL()
        || error == constants.ENOENT();
  }

  private void forget(SpawnTier refused) {
    List<SpawnTier> left = new ArrayList<>(usable);
    left.remove(refused);
    usable = left;
  }

  // At a limit of descriptors or processes, what dead children hold is given back first. EAGAIN is
  // the limit of processes, which others may leave at once. ETXTBSY is a program that is
  // still open for writing, for example because another thread's fork has a copy of the descriptor
  // until it executes.
  private SpawnResult persist(SpawnTier tier, SpawnCall call) {
    PosixConstants constants = posix.constants();
    int limits = 1;
    int again = 1;
    int busy = 1;
    while (true) {
      long before = children.countGivenBack();
      SpawnResult result = tier.spawn(call);
      if (isLimit(result.error()) && limits++ < LIMIT_TRIES && children.giveBack(before)) {
        continue;
      }
      if (result.error() == constants.EAGAIN() && again++ < AGAIN_TRIES) {
        Uninterrupted.pause(ThreadLocalRandom.current().nextLong(AGAIN_NANOS / 2, AGAIN_NANOS));
      } else if (result.error() == constants.ETXTBSY() && busy++ < BUSY_TRIES) {
        Uninterrupted.pause(BUSY_NANOS);
      } else {
        return result;
      }
    }
  }

  private boolean isLimit(int error) {
    PosixConstants constants = posix.constants();
    return error == constants.EAGAIN()
        || error == constants.EMFILE()
        || error == constants.ENFILE();
  }
}
