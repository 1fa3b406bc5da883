package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Numbers;
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
  /** The lowest descriptor that is none of the child's standard streams. */
  static final int FIRST_OTHER = 3;

  private static final byte ALL_BITS = -1;

  private final Posix posix;
  private final Arena arena;
  private final int[] sources;
  private final MemorySegment directory;
  private final Inherited inherited;
  private final MemorySegment pid;
  private final MemorySegment attributes;
  private final MemorySegment actions;
  private final MemorySegment noSignal;
  private final MemorySegment allSignals;
  private MemorySegment argv = MemorySegment.NULL;
  private MemorySegment envp = MemorySegment.NULL;
  private MemorySegment file = MemorySegment.NULL;
  private int flags;
  private boolean attributesMade;
  private boolean refused;
  private String failedCall = "";
  private int error;

  /**
   * Prepares a call.
   *
   * @param sources what becomes 0, 1 and 2 in the child: a descriptor from {@link #FIRST_OTHER} on,
   *     or one of the constants of {@link ChildStreams}
   * @param directory where the child starts, or NULL
   * @param inherited what else the child gets
   */
  SpawnCall(Posix posix, Arena arena, int[] sources, MemorySegment directory, Inherited inherited) {
    Numbers numbers = posix.numbers();
    this.posix = posix;
    this.arena = arena;
    this.sources = sources;
    this.directory = directory;
    this.inherited = inherited;
    pid = arena.allocate(Integer.BYTES, Integer.BYTES);
    attributes = arena.allocate(numbers.sizeOfSpawnAttributes(), 2L * Long.BYTES);
    actions = arena.allocate(numbers.sizeOfSpawnActions(), 2L * Long.BYTES);
    noSignal = arena.allocate(numbers.sizeOfSignalSet(), Long.BYTES);
    allSignals = arena.allocate(numbers.sizeOfSignalSet(), Long.BYTES).fill(ALL_BITS);
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
  Inherited inherited() {
    return inherited;
  }

  int pid() {
    return pid.get(ValueLayout.JAVA_INT, 0);
  }

  /** The call that failed last, by its name in C. */
  String failedCall() {
    return failedCall;
  }

  /** Whether the tier that was tried is not to be had here; nothing was spawned then. */
  boolean refused() {
    return refused;
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
   * Makes the attributes: no signal blocked and none ignored, whatever this process does.
   *
   * <p>The JVM's threads block SIGQUIT, and a disposition of SIG_IGN would be inherited.
   *
   * @param group the process group to join, or -1
   * @return 0 or a negated error
   */
  int setAttributes(boolean newSession, int group) {
    Numbers numbers = posix.numbers();
    flags = numbers.POSIX_SPAWN_SETSIGMASK() | numbers.POSIX_SPAWN_SETSIGDEF();
    flags |= newSession ? numbers.POSIX_SPAWN_SETSID() : 0;
    flags |= group < 0 ? 0 : numbers.POSIX_SPAWN_SETPGROUP();
    if (failed("posix_spawnattr_init", posix.attributesInit(attributes))) {
      return error;
    }
    attributesMade = true;
    boolean bad =
        failed("posix_spawnattr_setflags", posix.attributesSetFlags(attributes, flags))
            || failed("posix_spawnattr_setsigmask", posix.attributesSetMask(attributes, noSignal))
            || failed(
                "posix_spawnattr_setsigdefault",
                posix.attributesSetDefaults(attributes, allSignals));
    if (!bad && group >= 0) {
      bad = failed("posix_spawnattr_setpgroup", posix.attributesSetGroup(attributes, group));
    }
    return bad ? error : 0;
  }

  /** A call without which this tier does not work answered an error. */
  int refuse(String call, int result) {
    fail(call, result);
    refused = true;
    return result;
  }

  /** A call failed for this child. */
  int fail(String call, int result) {
    refused = false;
    failedCall = call;
    error = result;
    return result;
  }

  /**
   * Spawns where the kernel closes in the child whatever no file action names.
   *
   * @param chdir whether the child must change to the directory
   * @return 0 or a negated error
   */
  int runClosingByDefault(boolean chdir) {
    refused = false;
    int all = flags | posix.cloexecDefault();
    return failed("posix_spawnattr_setflags", posix.attributesSetFlags(attributes, all))
        ? error
        : run(true, chdir, false);
  }

  /**
   * Spawns.
   *
   * @param chdir whether the child must change to the directory
   * @param closeFrom whether the child must close all but its standard streams
   * @param others descriptors the child must close
   * @return 0 or a negated error
   */
  int run(boolean chdir, boolean closeFrom, int... others) {
    return run(false, chdir, closeFrom, others);
  }

  private int run(boolean nameAll, boolean chdir, boolean closeFrom, int... others) {
    refused = false;
    if (failed("posix_spawn_file_actions_init", posix.actionsInit(actions))) {
      return error;
    }
    try {
      boolean bad =
          streamsFail(nameAll)
              || (nameAll && keepingFails())
              || (chdir && directoryFails())
              || closingFails(others)
              || (closeFrom && closeFromFails())
              || inherited.become(this) < 0
              || failed("posix_spawn", posix.spawn(pid, file, actions, attributes, argv, envp));
      return bad ? error : 0;
    } finally {
      inherited.revert();
      posix.actionsDestroy(actions);
    }
  }

  // All sources are above 2, so none is overwritten before it is copied, and none is copied onto
  // itself, where C libraries differ in whether it stays close-on-exec.
  private boolean streamsFail(boolean nameAll) {
    for (int target = 0; target < sources.length; target++) {
      int source = sources[target] == ChildStreams.STDOUT ? 1 : sources[target];
      if (source == ChildStreams.KEEP ? nameAll && keepFails(target) : copyFails(source, target)) {
        return true;
      }
    }
    return false;
  }

  private boolean copyFails(int source, int target) {
    int result = posix.actionsAddDup2(actions, source, target);
    return failed("posix_spawn_file_actions_adddup2", result);
  }

  private boolean keepFails(int descriptor) {
    int result = posix.actionsAddInherit(actions, descriptor);
    return failed("posix_spawn_file_actions_addinherit_np", result);
  }

  private boolean keepingFails() {
    for (int descriptor : inherited.descriptors()) {
      if (keepFails(descriptor)) {
        return true;
      }
    }
    return false;
  }

  private boolean directoryFails() {
    int result = posix.actionsAddChdir(actions, directory);
    return failed("posix_spawn_file_actions_addchdir_np", result);
  }

  private boolean closeFromFails() {
    int result = posix.actionsAddCloseFrom(actions, FIRST_OTHER);
    return failed("posix_spawn_file_actions_addclosefrom_np", result);
  }

  private boolean closingFails(int[] others) {
    for (int descriptor : others) {
      if (failed("posix_spawn_file_actions_addclose", posix.actionsAddClose(actions, descriptor))) {
        return true;
      }
    }
    return false;
  }

  private boolean failed(String call, int result) {
    if (result < 0) {
      fail(call, result);
    }
    return result < 0;
  }

  @Override
  public void close() {
    if (attributesMade) {
      posix.attributesDestroy(attributes);
    }
  }
}
