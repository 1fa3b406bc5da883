package io.github.jpopen.posix.spawn;

/**
 * How a step of a spawn ended.
 *
 * @param call the call that failed, by its name in C; empty if none did
 * @param error its errno; 0 if none failed
 * @param refused whether the {@link SpawnTier} is unavailable here; nothing was spawned then, and
 *     the next tier may be tried
 */
record SpawnResult(String call, int error, boolean refused) {
  /** The step succeeded. */
  static final SpawnResult DONE = new SpawnResult("", 0, false);

  /** The result of one call: a negated errno is a failure for this child. */
  static SpawnResult of(String call, int result) {
    return result < 0 ? new SpawnResult(call, -result, false) : DONE;
  }

  /** A call without which the tier does not work returned a negated errno. */
  static SpawnResult refused(String call, int result) {
    return new SpawnResult(call, -result, true);
  }

  boolean failed() {
    return error != 0;
  }
}
