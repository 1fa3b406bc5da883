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
  private final int descriptor;
  private boolean refused;
  private boolean killed;

  private Member(
      Posix posix,
      ProcessDescriptors descriptors,
      ProcFiles proc,
      ProcessStat seen,
      int descriptor) {
    this.posix = posix;
    this.descriptors = descriptors;
    this.proc = proc;
    this.seen = seen;
    this.descriptor = descriptor;
  }

  /** Takes hold of a process; null if it is no longer what was seen. */
  static @Nullable Member open(
      Posix posix, ProcessDescriptors descriptors, ProcFiles proc, ProcessStat seen)
      throws IOException {
    int result = descriptors.openAny(seen.pid());
    Member member = new Member(posix, descriptors, proc, seen, Math.max(result, NONE));
    boolean same = false;
    try {
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
    int result = -constants.ENOSYS();
    if (hasDescriptor()) {
      result = posix.signalDescriptor(new ProcessNumber(descriptor), signal);
    }
    if (!hasDescriptor() || descriptors.areDenied(result)) {
      result = hasEnded() ? 0 : posix.kill(seen.pid(), signal); // looked directly before
    }
    refused |= result < 0 && result != -constants.ESRCH();
  }

  /** Whether it has ended, be it collected or not. If that cannot be known, it has not. */
  boolean hasEnded() {
    try {
      ProcessStat now = proc.stat(seen.pid());
      return now == null || !now.isSame(seen) || now.isDead();
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
