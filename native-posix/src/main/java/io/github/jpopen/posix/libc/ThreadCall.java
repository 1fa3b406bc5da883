package io.github.jpopen.posix.libc;

/**
 * The system calls that change the user and the groups of one thread.
 *
 * <p>The functions of the C library change all threads, as POSIX requires (nptl(7)), so we make the
 * system calls directly. Their numbers differ between x86_64 and aarch64, unlike those of newer
 * calls.
 */
public enum ThreadCall {
  /** {@code setgroups(2)}. */
  SETGROUPS(116, 159),
  /** {@code setresuid(2)}. */
  SETRESUID(117, 147),
  /** {@code setresgid(2)}. */
  SETRESGID(119, 149);

  /** The number on x86_64. */
  public final int amd64;

  /** The number on aarch64. */
  public final int aarch64;

  ThreadCall(int amd64, int aarch64) {
    this.amd64 = amd64;
    this.aarch64 = aarch64;
  }

  /** The number on this CPU; -1, which no call has, on others. */
  int number() {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> amd64;
      case "aarch64" -> aarch64;
      default -> -1;
    };
  }
}
