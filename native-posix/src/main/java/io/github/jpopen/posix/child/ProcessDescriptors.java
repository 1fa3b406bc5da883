package io.github.jpopen.posix.child;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import org.jspecify.annotations.Nullable;

/** Opens descriptors of processes, until this system has shown that it has none. */
final class ProcessDescriptors {
  private static final int NO_DESCRIPTOR = -1;

  private final Posix posix;
  private volatile boolean missing;
  private volatile @Nullable Boolean signalsDenied;

  /**
   * Describes them.
   *
   * @param wanted false to do without
   */
  ProcessDescriptors(Posix posix, boolean wanted) {
    this.posix = posix;
    missing = !wanted;
  }

  /**
   * Whether every signal through a descriptor is denied, as by a filter that does not know the
   * call. Without a filter the kernel answers EBADF to a descriptor that is none. Asked once.
   */
  boolean denySignals() {
    Boolean known = signalsDenied;
    if (known == null) {
      int result = posix.signalDescriptor(NO_DESCRIPTOR, 0);
      known = result == -posix.constants().ENOSYS() || result == -posix.constants().EPERM();
      signalsDenied = known;
    }
    return known;
  }

  /**
   * Opens one for a child that cannot have been collected yet.
   *
   * @return the descriptor or a negated error
   */
  int open(int pid) {
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
}
