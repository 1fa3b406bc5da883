package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The arguments of {@code posix_spawn} for one child, ready for any {@link SpawnTier}, on any
 * thread that the owner waits for.
 *
 * <p>All memory lives until the call has returned, because C libraries keep the pointers they are
 * given in file actions. No method but the constructor and {@link #execute} allocates, since only
 * the owner may.
 */
final class SpawnCall implements AutoCloseable {
  private static final byte ALL_BITS = -1;
  private static final int FIRST_RESERVED_SIGNAL = 32;

  private final Posix posix;
  private final Arena arena;
  private final int[] sources;
  private final MemorySegment directory;
  private final SpawnIdentity identity;
  private final MemorySegment pid;
  private final MemorySegment attributes;
  private final MemorySegment actions;
  private final MemorySegment noSignal;
  private final MemorySegment defaults;
  private MemorySegment argv = MemorySegment.NULL;
  private MemorySegment envp = MemorySegment.NULL;
  private MemorySegment file = MemorySegment.NULL;
  private int flags;
  private boolean attributesMade;
  private boolean spawned;

  /**
   * Prepares a call.
   *
   * @param sources what becomes 0, 1 and 2 in the child: a descriptor from {@link
   *     SpawnConstants#FIRST_OTHER} on, or one of the constants {@code KEEP} and {@code STDOUT}
   * @param directory where the child starts, or NULL
   * @param identity what else the child gets
   */
  SpawnCall(
      Posix posix, Arena arena, int[] sources, MemorySegment directory, SpawnIdentity identity) {
    PosixConstants constants = posix.constants();
    this.posix = posix;
    this.arena = arena;
    this.sources = sources;
    this.directory = directory;
    this.identity = identity;
    pid = arena.allocate(Integer.BYTES, Integer.BYTES);
    attributes = arena.allocate(constants.sizeOfSpawnAttributes(), 2L * Long.BYTES);
    actions = arena.allocate(constants.sizeOfSpawnActions(), 2L * Long.BYTES);
    noSignal = arena.allocate(constants.sizeOfSignalSet(), Long.BYTES);
    defaults = arena.allocate(constants.sizeOfSignalSet(), Long.BYTES);
  }

  Posix posix() {
    return posix;
  }

  /** Where the child starts, or NULL. */
  MemorySegment directory() {
    return directory;
  }

  boolean hasDirectory() {
    return directory.address() != 0;
  }

  /** What the child gets beyond its standard streams. */
  SpawnIdentity identity() {
    return identity;
  }

  /** Whether there is a process now, even if an error followed. */
  boolean hasSpawned() {
    return spawned;
  }

  int pid() {
    return pid.get(ValueLayout.JAVA_INT, 0);
  }

  /** What the child gets. */
  void passOn(MemorySegment arguments, MemorySegment environment) {
    argv = arguments;
    envp = environment;
  }

  /** Which file the next {@link #run} executes. */
  void execute(byte[] path) {
    file = CStrings.string(path, arena);
  }

  /**
   * Makes the attributes. No signal is blocked, whatever this thread blocks: the JVM's threads
   * block SIGQUIT.
   *
   * @param group the process group to join, or -1
   * @param resetAllSignals whether the child ignores no signal, see {@link #setDefaults}
   */
  SpawnResult setAttributes(boolean newSession, int group, boolean resetAllSignals) {
    PosixConstants constants = posix.constants();
    flags = constants.POSIX_SPAWN_SETSIGMASK() | constants.POSIX_SPAWN_SETSIGDEF();
    flags |= newSession ? constants.POSIX_SPAWN_SETSID() : 0;
    flags |= group < 0 ? 0 : constants.POSIX_SPAWN_SETPGROUP();
    int result = posix.attributesInit(attributes);
    if (result < 0) {
      return SpawnResult.of("posix_spawnattr_init", result);
    }
    attributesMade = true;
    result = posix.attributesSetFlags(attributes, flags);
    if (result < 0) {
      return SpawnResult.of("posix_spawnattr_setflags", result);
    }
    result = posix.attributesSetMask(attributes, noSignal);
    if (result < 0) {
      return SpawnResult.of("posix_spawnattr_setsigmask", result);
    }
    setDefaults(resetAllSignals);
    result = posix.attributesSetDefaults(attributes, defaults);
    if (result < 0) {
      return SpawnResult.of("posix_spawnattr_setsigdefault", result);
    }
    result = group < 0 ? 0 : posix.attributesSetGroup(attributes, group);
    return SpawnResult.of("posix_spawnattr_setpgroup", result);
  }

  /**
   * Chooses the signals that get their default action even if this process ignores them.
   *
   * <p>What this process catches gets it anyway, and what it ignores stays ignored, see execve(2).
   * The JVM itself ignores nothing, so what is ignored was chosen by one of two:
   *
   * <ul>
   *   <li>What started the JVM. It then means the whole tree of processes.
   *   <li>A library, for its own use: SIGPIPE for sockets, SIGXFSZ for files with a limit.
   * </ul>
   */
  private void setDefaults(boolean all) {
    if (all) {
      defaults.fill(ALL_BITS);
      return;
    }
    setDefault(posix.constants().SIGPIPE());
    setDefault(posix.constants().SIGXFSZ());
    // posix_spawn of glibc lets the child ignore the signals that the C library reserves.
    int first = posix.firstRealTimeSignal(); // a negated error where there is none
    for (int signal = FIRST_RESERVED_SIGNAL; signal < first; signal++) {
      setDefault(signal);
    }
  }

  // A sigset_t has the bit n - 1 for signal n, in words that are little-endian on every CPU served:
  // in those of an int as well.
  private void setDefault(int signal) {
    int bit = signal - 1;
    int bits = defaults.getAtIndex(ValueLayout.JAVA_INT, bit / Integer.SIZE);
    defaults.setAtIndex(ValueLayout.JAVA_INT, bit / Integer.SIZE, bits | 1 << bit % Integer.SIZE);
  }

  /**
   * Spawns where the kernel closes in the child whatever no file action names.
   *
   * @param chdir whether the child must change to the directory
   */
  SpawnResult runClosingByDefault(boolean chdir) {
    int all = flags | posix.cloexecDefault();
    int result = posix.attributesSetFlags(attributes, all);
    return result < 0
        ? SpawnResult.of("posix_spawnattr_setflags", result)
        : run(true, chdir, false);
  }

  /**
   * Spawns.
   *
   * @param chdir whether the child must change to the directory
   * @param closeFrom whether the child must close all but its standard streams
   * @param others descriptors the child must close
   */
  SpawnResult run(boolean chdir, boolean closeFrom, int... others) {
    return run(false, chdir, closeFrom, others);
  }

  /**
   * Spawns on a thread whose table of descriptors is its own, and closes there what the child got.
   *
   * <p>A thread has its table a moment longer than {@code Thread.join} waits. An end of a pipe in
   * it would keep the pipe open after the child has ended.
   *
   * @param chdir whether the child must change to the directory
   */
  SpawnResult runInOwnTable(boolean chdir) {
    try {
      return run(chdir, false);
    } finally {
      for (int source : sources) {
        if (source >= SpawnConstants.FIRST_OTHER) {
          int _ = posix.close(source); // EBADF if two streams have the same
        }
      }
    }
  }

  private SpawnResult run(boolean nameAll, boolean chdir, boolean closeFrom, int... others) {
    int made = posix.actionsInit(actions);
    if (made < 0) {
      return SpawnResult.of("posix_spawn_file_actions_init", made);
    }
    try {
      SpawnResult result = addActions(nameAll, chdir, closeFrom, others);
      if (result.failed()) {
        return result;
      }
      result = identity.become();
      if (result.failed()) {
        return result;
      }
      int error = posix.spawn(pid, file, actions, attributes, argv, envp);
      spawned = error >= 0; // first of all: nothing else may get lost with an error
      return SpawnResult.of("posix_spawn", error);
    } finally {
      try {
        identity.revert();
      } finally {
        posix.actionsDestroy(actions);
      }
    }
  }

  private SpawnResult addActions(boolean nameAll, boolean chdir, boolean closeFrom, int[] others) {
    SpawnResult result = addStreams(nameAll);
    if (!result.failed() && nameAll) {
      result = keepAll(identity.descriptors());
    }
    if (!result.failed() && chdir) {
      int added = posix.actionsAddChdir(actions, directory);
      result = SpawnResult.of("posix_spawn_file_actions_addchdir_np", added);
    }
    if (!result.failed()) {
      result = closeAll(others);
    }
    if (!result.failed() && closeFrom) {
      int added = posix.actionsAddCloseFrom(actions, SpawnConstants.FIRST_OTHER);
      result = SpawnResult.of("posix_spawn_file_actions_addclosefrom_np", added);
    }
    return result;
  }

  // All sources are above 2, so none is overwritten before it is copied, and none is copied onto
  // itself, where C libraries differ in whether it stays close-on-exec.
  private SpawnResult addStreams(boolean nameAll) {
    SpawnResult result = SpawnResult.DONE;
    for (int target = 0; target < sources.length && !result.failed(); target++) {
      int source = sources[target] == SpawnConstants.STDOUT ? 1 : sources[target];
      if (source != SpawnConstants.KEEP) {
        int added = posix.actionsAddDup2(actions, source, target);
        result = SpawnResult.of("posix_spawn_file_actions_adddup2", added);
      } else if (nameAll) {
        result = keepAll(target);
      }
    }
    return result;
  }

  private SpawnResult keepAll(int... descriptors) {
    for (int descriptor : descriptors) {
      int added = posix.actionsAddInherit(actions, descriptor);
      if (added < 0) {
        return SpawnResult.of("posix_spawn_file_actions_addinherit_np", added);
      }
    }
    return SpawnResult.DONE;
  }

  private SpawnResult closeAll(int[] others) {
    for (int descriptor : others) {
      int added = posix.actionsAddClose(actions, descriptor);
      if (added < 0) {
        return SpawnResult.of("posix_spawn_file_actions_addclose", added);
      }
    }
    return SpawnResult.DONE;
  }

  @Override
  public void close() {
    if (attributesMade) {
      posix.attributesDestroy(attributes);
    }
  }
}
