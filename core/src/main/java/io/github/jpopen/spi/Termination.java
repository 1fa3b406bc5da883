package io.github.jpopen.spi;

/** How a child ended, in the numbers of its system. Immutable; equal when the numbers are equal. */
public sealed interface Termination {

  /**
   * The child ended by itself.
   *
   * @param code 0 to 255 on POSIX; all 32 bits on Windows
   */
  record Exited(int code) implements Termination {}

  /**
   * A signal ended the child; POSIX only.
   *
   * @param signal the number of the signal on this system, 1 or more
   * @param coreDumped whether the system reports that it wrote a core file
   */
  record Killed(int signal, boolean coreDumped) implements Termination {}

  /** The child has ended, and its exit code is lost: something else collected it. */
  record Lost() implements Termination {}
}
