package io.github.jpopen.posix.libc;

/**
 * The system calls that change the user and the groups of one thread.
 *
 * <p>The functions of the C library change those of all threads, as POSIX wants it (nptl(7)), so
 * the system calls are made themselves. Unlike younger ones they have other numbers on each
 * processor.
 */
public enum ThreadCall {
  /** {@code setgroups(2)}. */
  SETGROUPS(116, 159),
  /** {@code setresuid(2)}. */
  SETRESUID(117, 147),
  /** {@code setresgid(2)}. */
  SETRESGID(119, 149);

  /** Its number on x86_64. */
  public final int amd64;

  /** Its number on aarch64. */
  public final int aarch64;

  ThreadCall(int amd64, int aarch64) {
    this.amd64 = amd64;
    this.aarch64 = aarch64;
  }

  /** Its number here; -1, which no call has, on other processors. */
  int number() {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> amd64;
      case "aarch64" -> aarch64;
      default -> -1;
    };
  }
}
