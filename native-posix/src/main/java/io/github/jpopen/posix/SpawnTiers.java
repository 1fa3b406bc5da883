package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Numbers;
import io.github.jpopen.posix.libc.Posix;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses the {@link SpawnTier} of each spawn, and tries again where an error is known to pass. */
final class SpawnTiers {
  private static final SpawnTier[] TIERS = SpawnTier.values();
  private static final int AGAIN_TRIES = 5;
  private static final int AGAIN_MILLIS = 60;
  private static final int BUSY_TRIES = 5;
  private static final int BUSY_MILLIS = 20;

  private final Posix posix;
  private final int best;

  // A bit per tier that this system refuses for good. Two threads may lose one of their bits and
  // learn it again.
  private volatile int refused;

  SpawnTiers(Posix posix, SpawnTier best) {
    this.posix = posix;
    this.best = best.ordinal();
  }

  /**
   * Spawns in the best way this system allows.
   *
   * @return 0 or a negated error
   */
  int spawn(SpawnCall call) {
    for (int i = best; i < TIERS.length; i++) {
      SpawnTier tier = TIERS[i];
      if ((refused & 1 << i) == 0 && tier.serves(posix, call.hasDirectory())) {
        int error = persist(tier, call);
        if (!call.refused()) {
          return error;
        }
        // Memory may be there next time; a filter or an old kernel stays.
        refused |= error == -posix.numbers().ENOMEM() ? 0 : 1 << i;
      }
    }
    throw new UnsupportedOperationException(
        "working directory needs glibc 2.29, musl 1.1.24, macOS 10.15 or unshare(CLONE_FS)");
  }

  // EAGAIN is the limit of processes, which others may leave at once. ETXTBSY is a program that is
  // still open for writing, for
  // example because another thread's fork has a copy of the descriptor until it executes.
  private int persist(SpawnTier tier, SpawnCall call) {
    Numbers numbers = posix.numbers();
    int again = 1;
    int busy = 1;
    while (true) {
      int error = tier.spawn(call);
      if (error == -numbers.EAGAIN() && again++ < AGAIN_TRIES) {
        Uninterrupted.sleep(ThreadLocalRandom.current().nextInt(AGAIN_MILLIS / 2, AGAIN_MILLIS));
      } else if (error == -numbers.ETXTBSY() && busy++ < BUSY_TRIES) {
        Uninterrupted.sleep(BUSY_MILLIS);
      } else {
        return error;
      }
    }
  }
}
