package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Numbers;
import io.github.jpopen.posix.libc.Posix;
import java.io.File;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways to start a child that has no descriptor but its standard streams, the best first.
 *
 * <p>They are needed because most descriptors of a JVM are not close-on-exec, and a child that kept
 * one would leak it, and would keep {@code ProcessBuilder} of the same JVM waiting.
 */
enum SpawnTier {
  /** The kernel closes whatever the file actions do not name. Only Apple's has that. */
  CLOEXEC_DEFAULT {
    @Override
    boolean serves(Posix posix, SpawnCall call) {
      return posix.cloexecDefault() != 0
          && (!call.hasDirectory() || posix.hasChdir())
          && !call.inherited().needsThread();
    }

    @Override
    int spawn(SpawnCall call) {
      return call.runClosingByDefault(call.hasDirectory());
    }
  },

  /** The child closes everything itself, as the last of its file actions. */
  CLOSEFROM {
    @Override
    boolean serves(Posix posix, SpawnCall call) {
      return posix.hasCloseFrom()
          && (!call.hasDirectory() || posix.hasChdir())
          && call.inherited().isNothing();
    }

    @Override
    int spawn(SpawnCall call) {
      return call.run(call.hasDirectory(), true);
    }
  },

  /** A throw-away thread gets its own descriptor table, in which everything is close-on-exec. */
  CLOSE_RANGE {
    @Override
    boolean serves(Posix posix, SpawnCall call) {
      Inherited inherited = call.inherited();
      return (!call.hasDirectory() || (posix.hasChdir() && !inherited.hasIdentity()))
          && !inherited.hasMask();
    }

    @Override
    int spawn(SpawnCall call) {
      return onThreadOfItsOwn(
          call,
          () -> {
            int result = call.posix().closeRangeUnshared(SpawnCall.FIRST_OTHER);
            if (result < 0) {
              return call.refuse("close_range", result);
            }
            result = call.inherited().keepDescriptors(call);
            return result < 0 ? result : call.run(call.hasDirectory(), false);
          });
    }
  },

  /**
   * The same on kernels before 5.11, for C libraries whose file actions cannot change the
   * directory, and for what only a thread with a directory and a umask of its own can give.
   */
  UNSHARE {
    @Override
    boolean serves(Posix posix, SpawnCall call) {
      return true;
    }

    @Override
    int spawn(SpawnCall call) {
      return onThreadOfItsOwn(
          call,
          () -> {
            Posix posix = call.posix();
            int result = posix.unshareFilesAndDirectory();
            if (result < 0) {
              return call.refuse("unshare", result);
            }
            int[] open = descriptors("/proc/thread-self/fd");
            if (open == null) {
              return unlisted(call, "/proc/thread-self/fd");
            }
            // The table is this thread's own: what is marked here stays as it was for the JVM.
            for (int descriptor : open) {
              posix.setCloseOnExec(descriptor);
            }
            result = call.inherited().keepDescriptors(call);
            if (result < 0) {
              return result;
            }
            result = call.hasDirectory() ? posix.chdir(call.directory()) : 0;
            if (result < 0) {
              return call.fail("chdir", result);
            }
            result = call.inherited().setMask(call);
            return result < 0 ? result : call.run(false, false);
          });
    }
  },

  /** The child closes what is open now; what another thread opens meanwhile leaks into it. */
  SNAPSHOT {
    @Override
    boolean serves(Posix posix, SpawnCall call) {
      return (!call.hasDirectory() || posix.hasChdir()) && call.inherited().isNothing();
    }

    @Override
    int spawn(SpawnCall call) {
      int[] open = descriptors("/proc/self/fd");
      return open == null
          ? unlisted(call, "/proc/self/fd")
          : call.run(call.hasDirectory(), false, open);
    }
  };

  private static final int STACK = 512 << 10;

  /** Whether the C library has what this tier needs, and this tier what the child needs. */
  abstract boolean serves(Posix posix, SpawnCall call);

  /**
   * Spawns.
   *
   * @return 0, or a negated error; {@link SpawnCall#refused} then tells whether to try the next
   *     tier
   */
  abstract int spawn(SpawnCall call);

  /**
   * Runs something on a thread that ends with it.
   *
   * <p>The thread's private table holds copies of the pipes of other children; they stay open until
   * it has ended, so it does nothing else and is waited for.
   */
  private static int onThreadOfItsOwn(SpawnCall call, IntSupplier spawn) {
    return call.inherited().around(() -> onThread(call, spawn));
  }

  private static int onThread(SpawnCall call, IntSupplier spawn) {
    int[] result = {0};
    Throwable[] failure = {null};
    Thread thread =
        Thread.ofPlatform()
            .name("jpopen-spawn")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .stackSize(STACK)
            .unstarted(
                () -> {
                  try {
                    result[0] = spawn.getAsInt();
                  } catch (Throwable thrown) {
                    failure[0] = thrown;
                  }
                });
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // which is how the JVM says that pthread_create failed
      return call.fail("pthread_create", -call.posix().numbers().EAGAIN());
    }
    Uninterrupted.join(thread);
    if (failure[0] != null) {
      throw new IllegalStateException("spawning failed", failure[0]);
    }
    return result[0];
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
      if (descriptor >= SpawnCall.FIRST_OTHER) {
        descriptors[count++] = descriptor;
      }
    }
    return Arrays.copyOf(descriptors, count);
  }

  // Without /proc this tier is not to be had; with it, the directory could not be opened for want
  // of a descriptor.
  private static int unlisted(SpawnCall call, String directory) {
    Numbers numbers = call.posix().numbers();
    return new File(directory).isDirectory()
        ? call.fail("opendir", -numbers.EMFILE())
        : call.refuse("opendir", -numbers.ENOENT());
  }
}
