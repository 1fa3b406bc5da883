package io.github.jpopen.posix.spawn;

/** What the preparation and the call of a spawn agree on. */
final class SpawnConstants {
  /** The lowest descriptor that is none of the child's standard streams. */
  static final int FIRST_OTHER = 3;

  /** In place of a descriptor: the child keeps our stream of the same number. */
  static final int KEEP = -1;

  /** In place of a descriptor: the child's stderr goes where its stdout goes. */
  static final int STDOUT = -2;

  /** Why a user or groups are not available. */
  static final String NEEDS_LINUX = "a user or groups need Linux 5.11 or unshare(CLONE_FILES)";

  private SpawnConstants() {}
}
