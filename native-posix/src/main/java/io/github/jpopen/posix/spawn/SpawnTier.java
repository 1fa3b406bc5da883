package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Uninterrupted;
import java.io.File;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways to start a child that has no descriptor but its standard streams, the best first.
 *
 * <p>They are needed because most descriptors of a JVM are not close-on-exec. A child that kept one
 * would leak it, and would keep {@code ProcessBuilder} of the same JVM waiting.
 */
public enum SpawnTier {
  /** The kernel closes whatever the file actions do not name. Only Apple's has that. */
  CLOEXEC_DEFAULT,

  /** The child closes everything itself, as the last of its file actions. */
  CLOSEFROM,

  /** A throw-away thread gets its own descriptor table, in which everything is close-on-exec. */
  CLOSE_RANGE,

  /**
   * The same where {@code close_range} is not enough: on kernels before 5.11, and where the C
   * library's file actions cannot change the directory. Also for what only a thread with a
   * directory and a umask of its own can give.
   */
  UNSHARE,

  /** The child closes what is open now; what another thread opens meanwhile leaks into it. */
  SNAPSHOT;

  private static final int STACK = 512 << 10;

  // No constant has a body of its own: that would be one more class for each to load at the start.

  /** Whether the C library has what this tier needs, and this tier what the child needs. */
  boolean serves(Posix posix, SpawnCall call) {
    SpawnIdentity identity = call.identity();
    return switch (this) {
      case CLOEXEC_DEFAULT ->
          posix.cloexecDefault() != 0 && canChange(posix, call) && !identity.needsThread();
      case CLOSEFROM -> posix.hasCloseFrom() && canChange(posix, call) && identity.isNothing();
      case CLOSE_RANGE ->
          (!call.hasDirectory() || (posix.hasChdir() && !identity.hasIdentity()))
              && !identity.hasMask();
      case UNSHARE -> true;
      case SNAPSHOT -> canChange(posix, call) && identity.isNothing();
    };
  }

  private static boolean canChange(Posix posix, SpawnCall call) {
    return !call.hasDirectory() || posix.hasChdir();
  }

  /**
   * Spawns.
   *
   * @return whether it failed, and whether to try the next tier
   */
  SpawnResult spawn(SpawnCall call) {
    return switch (this) {
      case CLOEXEC_DEFAULT -> call.runClosingByDefault(call.hasDirectory());
      case CLOSEFROM -> call.run(call.hasDirectory(), true);
      case CLOSE_RANGE -> onThreadOfItsOwn(call, () -> closeRange(call));
      case UNSHARE -> onThreadOfItsOwn(call, () -> unshare(call));
      case SNAPSHOT -> closeWhatIsOpen(call);
    };
  }

  private static SpawnResult closeRange(SpawnCall call) {
    int result = call.posix().closeRangeUnshared(SpawnConstants.FIRST_OTHER);
    if (result < 0) {
      return SpawnResult.refused("close_range", result);
    }
    SpawnResult kept = call.identity().keepDescriptors();
    return kept.failed() ? kept : call.runInOwnTable(call.hasDirectory());
  }

  private static SpawnResult unshare(SpawnCall call) {
    Posix posix = call.posix();
    int result = posix.unshareFilesAndDirectory();
    if (result < 0) {
      return SpawnResult.refused("unshare", result);
    }
    int[] open = descriptors("/proc/thread-self/fd");
    if (open == null) {
      return unlisted(call, "/proc/thread-self/fd");
    }
    // The table is this thread's own: what is marked here stays as it was for the JVM.
    SpawnResult prepared = closeOnExec(posix, open);
    if (!prepared.failed()) {
      prepared = call.identity().keepDescriptors();
    }
    if (!prepared.failed() && call.hasDirectory()) {
      prepared = SpawnResult.of("chdir", posix.chdir(call.directory()));
    }
    if (!prepared.failed()) {
      prepared = call.identity().setMask();
    }
    return prepared.failed() ? prepared : call.runInOwnTable(false);
  }

  private static SpawnResult closeWhatIsOpen(SpawnCall call) {
    int[] open = descriptors("/proc/self/fd");
    return open == null
        ? unlisted(call, "/proc/self/fd")
        : call.run(call.hasDirectory(), false, open);
  }

  /**
   * Runs something on a thread that ends with it.
   *
   * <p>The thread's private table holds copies of the pipes of other children. They stay open until
   * it has ended, so it does nothing else and is waited for. The pipes of its own child it closes.
   */
  private static SpawnResult onThreadOfItsOwn(SpawnCall call, Supplier<SpawnResult> spawn) {
    return call.identity().around(() -> onThread(call, spawn));
  }

  private static SpawnResult onThread(SpawnCall call, Supplier<SpawnResult> spawn) {
    SpawnResult[] result = {SpawnResult.DONE};
    Throwable[] failure = {null};
    Thread thread =
        OwnThreads.daemon(
            "jpopen-spawn",
            STACK,
            () -> {
              try {
                result[0] = spawn.get();
              } catch (Throwable thrown) {
                failure[0] = thrown;
              }
            });
    try {
      OwnThreads.start(thread);
    } catch (OutOfMemoryError e) { // which is how the JVM says that pthread_create failed
      return SpawnResult.of("pthread_create", -call.posix().constants().EAGAIN());
    }
    Uninterrupted.join(thread);
    if (failure[0] instanceof Error error) {
      throw error;
    }
    if (failure[0] != null) {
      throw new IllegalStateException("spawning failed", failure[0]);
    }
    return result[0];
  }

  // The one by which the list was read is closed again.
  private static SpawnResult closeOnExec(Posix posix, int[] open) {
    for (int descriptor : open) {
      int result = posix.setCloseOnExec(descriptor);
      if (result < 0 && result != -posix.constants().EBADF()) {
        return SpawnResult.of("fcntl", result);
      }
    }
    return SpawnResult.DONE;
  }

  private static int @Nullable [] descriptors(String directory) {
    String[] names = new File(directory).list();
    if (names == null) {
      return null;
    }
    int[] descriptors = new int[names.length];
    int count = 0;
    for (String name : names) {
      int descriptor = Integer.parseInt(name);
      if (descriptor >= SpawnConstants.FIRST_OTHER) {
        descriptors[count++] = descriptor;
      }
    }
    return Arrays.copyOf(descriptors, count);
  }

  // Without /proc this tier is unavailable. With it, the directory could not be opened for want of
  // a
  // descriptor.
  private static SpawnResult unlisted(SpawnCall call, String directory) {
    PosixConstants constants = call.posix().constants();
    return new File(directory).isDirectory()
        ? SpawnResult.of("opendir", -constants.EMFILE())
        : SpawnResult.refused("opendir", -constants.ENOENT());
  }
}
