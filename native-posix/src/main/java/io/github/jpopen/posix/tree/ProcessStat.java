package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc/PID/stat} tells of one process.
 *
 * @param state one letter
 * @param threads how many are left
 * @param start in ticks since the system was booted; with the id, it names the process
 */
record ProcessStat(
    int pid,
    int parent,
    int group,
    int session,
    char state,
    boolean kernel,
    int threads,
    long start) {
  private static final int KERNEL_THREAD = 0x200000; // PF_KTHREAD

  /** Where a field is, counted from the state, which proc_pid_stat(5) calls the third. */
  private static final int PARENT = 1;

  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int FLAGS = 6;
  private static final int THREADS = 17;
  private static final int START = 19;

  /** Reads it; null if it is none. The name before it may contain anything. */
  static @Nullable ProcessStat parse(int pid, byte[] file) {
    String text = new String(file, ISO_8859_1);
    String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length <= START) {
      return null;
    }
    try {
      return new ProcessStat(
          pid,
          Integer.parseInt(fields[PARENT]),
          Integer.parseInt(fields[GROUP]),
          Integer.parseInt(fields[SESSION]),
          fields[0].charAt(0),
          (Long.parseLong(fields[FLAGS]) & KERNEL_THREAD) != 0,
          Integer.parseInt(fields[THREADS]),
          Long.parseLong(fields[START]));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Whether it has ended. The first thread of a process may end long before the last one. */
  boolean isDead() {
    return (state == 'Z' || state == 'X') && threads <= 1;
  }

  boolean isStopped() {
    return state == 'T' || state == 't';
  }

  boolean isSame(ProcessStat other) {
    return pid == other.pid && start == other.start;
  }
}
