package io.github.jpopen.posix.libc;

/**
 * System calls that we make directly, and whose numbers differ between x86_64 and aarch64, unlike
 * those of newer calls.
 *
 * <p>Three change the user and the groups of one thread. The functions of the C library change all
 * threads, as POSIX requires (nptl(7)).
 */
public enum CpuCall {
  /** {@code setgroups(2)}. */
  SETGROUPS(116, 159),
  /** {@code setresuid(2)}. */
  SETRESUID(117, 147),
  /** {@code setresgid(2)}. */
  SETRESGID(119, 149),
  /** {@code waitid(2)} with {@code struct rusage}, which the C library does not pass. */
  WAITID(247, 95);

  /** The number on x86_64. */
  public final int amd64;

  /** The number on aarch64. */
  public final int aarch64;

  CpuCall(int amd64, int aarch64) {
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
