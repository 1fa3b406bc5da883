package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.posix.wait.Closing;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One process of a tree, named by its id and its start, so that a signal never reaches the next
 * process of that id. Used by one thread.
 */
final class Member implements AutoCloseable {
  private static final int NONE = -1;

  private final Posix posix;
  private final ProcessDescriptors descriptors;
  private final ProcFiles proc;
  private final ProcessStat seen;
  private int descriptor = NONE;
  private @Nullable ProcessNumber number; // made in advance: a kill must not need memory
  private boolean refused;
  private boolean killed;

  private Member(Posix posix, ProcessDescriptors descriptors, ProcFiles proc, ProcessStat seen) {
    this.posix = posix;
    this.descriptors = descriptors;
    this.proc = proc;
    this.seen = seen;
  }

  /**
   * Takes hold of a process.
   *
   * @param wanted false to do without a descriptor
   * @return null if it is no longer what was seen
   */
  static @Nullable Member open(
      Posix posix, ProcessDescriptors descriptors, ProcFiles proc, ProcessStat seen, boolean wanted)
      throws IOException {
    Member member = new Member(posix, descriptors, proc, seen);
    boolean same = false;
    try {
      if (wanted) {
        member.openDescriptor();
      }
      // The descriptor may be of another process that got this id after the look. Starts are
      // rounded to ticks, so what made it a member must still be true.
      ProcessStat now = proc.stat(seen.pid());
      same =
          now != null
              && now.isSame(seen)
              && now.parent() == seen.parent()
              && now.group() == seen.group()
              && now.session() == seen.session();
    } finally {
      if (!same) {
        member.close();
      }
    }
    return same ? member : null;
  }

  private void openDescriptor() {
    int result = descriptors.openAny(seen.pid());
    if (result >= 0) {
      descriptor = result; // first: it is closed even if the next line fails
      number = new ProcessNumber(result);
    }
  }

  ProcessStat seen() {
    return seen;
  }

  int descriptor() {
    return descriptor;
  }

  boolean hasDescriptor() {
    return descriptor != NONE;
  }

  /** Whether the system has refused a signal: no use in waiting for the end. */
  boolean isRefused() {
    return refused;
  }

  boolean isKilled() {
    return killed;
  }

  /** Stops it, so that it starts no more processes. */
  void stop() {
    send(posix.constants().signalNumber("SIGSTOP").orElseThrow());
  }

  /** Kills it, stopped or not. */
  void kill() {
    killed = true;
    send(posix.constants().SIGKILL());
  }

  private void send(int signal) {
    PosixConstants constants = posix.constants();
    ProcessNumber target = number;
    int result = target == null ? -constants.ENOSYS() : posix.signalDescriptor(target, signal);
    boolean lost = result == -constants.EBADF(); // other code has closed it
    if (lost) {
      descriptor = NONE;
      number = null;
    }
    if (target == null || lost || descriptors.areDenied(result)) {
      result = hasEnded() ? 0 : posix.kill(seen.pid(), signal); // looked directly before
    }
    refused |= result < 0 && result != -constants.ESRCH();
  }

  /** Whether it has ended, be it collected or not. If that cannot be known, it has not. */
  boolean hasEnded() {
    try {
      ProcessStat now = proc.stat(seen.pid());
      if (now == null) { // gone, or hidden
        return posix.kill(seen.pid(), 0) == -posix.constants().ESRCH();
      }
      return !now.isSame(seen) || now.isDead();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    if (hasDescriptor()) {
      Closing.close(posix, descriptor);
    }
  }
}
