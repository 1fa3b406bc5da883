package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import org.jspecify.annotations.Nullable;

/** Opens descriptors of processes, until this system has shown that it has none. */
public final class ProcessDescriptors {
  private static final ProcessNumber NO_DESCRIPTOR = new ProcessNumber(-1);

  private final Posix posix;
  private volatile boolean missing;
  private volatile @Nullable Boolean signalsDenied;

  /**
   * Describes them.
   *
   * @param wanted false to do without
   */
  public ProcessDescriptors(Posix posix, boolean wanted) {
    this.posix = posix;
    missing = !wanted;
  }

  /**
   * Whether a signal failed because every signal through a descriptor is denied, and not this one.
   *
   * <p>A filter that does not know the call answers ENOSYS, which the kernel never does where there
   * are descriptors, or EPERM. To a descriptor that is none the kernel answers EBADF and a filter
   * what it always answers, so that is asked once.
   *
   * @param result of the signal
   */
  public boolean areDenied(int result) {
    PosixConstants constants = posix.constants();
    if (result != -constants.EPERM()) {
      return result == -constants.ENOSYS();
    }
    Boolean known = signalsDenied;
    if (known == null) {
      known = posix.signalDescriptor(NO_DESCRIPTOR, 0) == result;
      signalsDenied = known;
    }
    return known;
  }

  /**
   * Opens one for a child that cannot have been collected yet.
   *
   * @return the descriptor or a negated error
   */
  public int open(int pid) {
    PosixConstants constants = posix.constants();
    if (missing) {
      return -constants.ENOSYS();
    }
    int result = posix.processDescriptor(pid);
    // An old kernel or a filter stays so; too many open files, for example, may pass.
    if (result == -constants.ENOSYS()
        || result == -constants.EPERM()
        || result == -constants.EINVAL()) {
      missing = true;
    }
    return result;
  }

  /**
   * Opens one for any process. It may have ended, and its id may belong to a thread by now, which
   * says nothing about the system.
   *
   * @return the descriptor or a negated error
   */
  int openAny(int pid) {
    return missing ? -posix.constants().ENOSYS() : posix.processDescriptor(pid);
  }
}
