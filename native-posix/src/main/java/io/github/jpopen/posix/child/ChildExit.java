package io.github.jpopen.posix.child;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.posix.wait.Registration;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects the exit of one child, and signals it as long as that has not happened.
 *
 * <p>Both go through one gate. The kernel reuses the process id only after the exit was collected.
 * So a signal sent inside the gate reaches our child or no process, with a process descriptor and
 * without. Only this child is ever waited for, never any.
 */
final class ChildExit {
  /** There is no process descriptor. */
  static final int NONE = -1;

  private final Posix posix;
  private final ProcessDescriptors descriptors;
  private final ReentrantLock gate = new ReentrantLock();
  private int pid;
  private volatile int descriptor = NONE;
  private boolean waitByDescriptor;
  private boolean peekable = true;
  private boolean noted;
  private int code;
  private int value;
  private @Nullable Termination status;
  private @Nullable Registration registration;

  ChildExit(Posix posix, ProcessDescriptors descriptors) {
    this.posix = posix;
    this.descriptors = descriptors;
  }

  /** The child was started a moment ago. */
  void begin(int startedPid) {
    pid = startedPid;
    int result = descriptors.open(startedPid);
    if (result >= 0) {
      descriptor = result;
      waitByDescriptor = true;
    } else if (result == -posix.constants().ESRCH() && isGone() && status == null) {
      status = new Termination.Lost(); // somebody else waits for every child of this process
    }
  }

  int pid() {
    return pid;
  }

  /** The bits that {@code poll} reported, unless they say that the descriptor is not open. */
  int checked(int bits) {
    if ((bits & posix.constants().POLLNVAL()) != 0) {
      throw new IllegalStateException(
          "a descriptor of process " + pid + " was closed by other code in this JVM");
    }
    return bits;
  }

  /** Whether an exit can be seen and left to be collected. */
  boolean isPeekable() {
    gate.lock();
    try {
      isGone();
      return peekable;
    } finally {
      gate.unlock();
    }
  }

  /**
   * The descriptor that becomes readable at the exit, or {@link #NONE}; gone once the exit was
   * collected.
   */
  int descriptor() {
    return descriptor;
  }

  /**
   * Lets the poller run something at the exit.
   *
   * @return false if it cannot, or there is no process descriptor
   */
  boolean arm(Poller poller, Runnable action) {
    gate.lock();
    try {
      if (descriptor == NONE) {
        return false;
      }
      if (registration == null) {
        registration = poller.register();
      }
      return registration.arm(descriptor, posix.constants().POLLIN(), action);
    } finally {
      gate.unlock();
    }
  }

  /**
   * Collects the exit if the child has ended. Never waits.
   *
   * @param info room for a {@code siginfo_t}
   * @return how it ended, even if that was collected before; null if it runs
   */
  @Nullable Termination collect(MemorySegment info) throws IOException {
    gate.lock();
    try {
      if (status == null) {
        status = ask(info);
        if (status != null) {
          closeDescriptor();
        }
      }
      return status;
    } finally {
      gate.unlock();
    }
  }

  /** The same, where there is no room at hand. */
  @Nullable Termination collect() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return collect(arena.allocate(posix.constants().sizeOfSigInfo(), Long.BYTES));
    }
  }

  /**
   * Sends a signal.
   *
   * @return false if the child had ended
   */
  boolean signal(int number) throws IOException {
    PosixConstants constants = posix.constants();
    gate.lock();
    try {
      // A zombie takes signals without complaint, and without descriptor an id that is no longer
      // our child's may be anybody's: look first.
      if (status != null || noted || isGone()) {
        return false;
      }
      int result =
          descriptor == NONE ? -constants.ENOSYS() : posix.signalDescriptor(descriptor, number);
      // Not at every EPERM, which may be true of this child: code that collects every child of this
      // process may have done so since the look above, and the id may be another's.
      if (descriptor == NONE || descriptors.areDenied(result)) {
        result = posix.kill(pid, number);
      }
      return sent(number, "process ", result);
    } finally {
      gate.unlock();
    }
  }

  /**
   * Sends a signal to the group that the child leads.
   *
   * @return false if the exit was collected, or there is no such group
   */
  boolean signalGroup(int number) throws IOException {
    gate.lock();
    try {
      // Until the leader is collected, the kernel gives its number to no other group.
      return status == null && sent(number, "process group ", posix.kill(-pid, number));
    } finally {
      gate.unlock();
    }
  }

  private boolean sent(int number, String to, int result) throws IOException {
    PosixConstants constants = posix.constants();
    if (result < 0 && result != -constants.ESRCH()) {
      throw new IOException(
          "cannot send signal " + number + " to " + to + pid + ": " + constants.errorName(-result));
    }
    return result >= 0;
  }

  /** Ends a child that has no owner, and collects it. */
  void destroy() {
    PosixConstants constants = posix.constants();
    gate.lock();
    try (Arena arena = Arena.ofConfined()) {
      if (status == null) {
        posix.kill(pid, constants.SIGKILL());
        MemorySegment info = arena.allocate(constants.sizeOfSigInfo(), Long.BYTES);
        posix.waitId(constants.P_PID(), pid, info, constants.WEXITED());
        status = new Termination.Lost();
        closeDescriptor();
      }
    } finally {
      gate.unlock();
    }
  }

  // Whether the child has ended. Leaves its exit to be collected.
  private boolean isGone() {
    PosixConstants constants = posix.constants();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(constants.sizeOfSigInfo(), Long.BYTES);
      int result = waitFor(info, constants.WEXITED() | constants.WNOHANG() | constants.WNOWAIT());
      if (isDenied(result)) {
        peekable = false;
        return collect(info) != null; // waitpid cannot look without collecting
      }
      return result < 0 || info.get(ValueLayout.JAVA_INT, constants.offsetOfPid()) != 0;
    } catch (IOException e) { // no call tells, so the id may be anybody's
      return true;
    }
  }

  private boolean isDenied(int result) {
    return result == -posix.constants().ENOSYS() || result == -posix.constants().EPERM();
  }

  // The kernel reports an exit once. What it said is noted before anything is allocated.
  private @Nullable Termination ask(MemorySegment info) throws IOException {
    PosixConstants constants = posix.constants();
    if (!noted) {
      info.fill(
          (byte) 0); // with WNOHANG the call succeeds and may write nothing while the child runs
      int result = waitFor(info, constants.WEXITED() | constants.WNOHANG());
      if (result == -constants.ECHILD()) {
        return new Termination.Lost();
      }
      if (result < 0) {
        throw new IOException("waitid for process " + pid + ": " + constants.errorName(-result));
      }
      if (info.get(ValueLayout.JAVA_INT, constants.offsetOfPid()) == 0) {
        return null;
      }
      code = info.get(ValueLayout.JAVA_INT, constants.offsetOfCode());
      value = info.get(ValueLayout.JAVA_INT, constants.offsetOfStatus());
      noted = isExit(constants, code);
    }
    return noted ? status(constants, code, value) : null;
  }

  // Being stopped or continued is not asked for, and is no exit.
  private static boolean isExit(PosixConstants constants, int code) {
    return code == constants.CLD_EXITED()
        || code == constants.CLD_KILLED()
        || code == constants.CLD_DUMPED();
  }

  private int waitFor(MemorySegment info, int options) {
    PosixConstants constants = posix.constants();
    if (waitByDescriptor) {
      int result = posix.waitId(constants.P_PIDFD(), descriptor, info, options);
      if (result != -constants.EINVAL() && !isDenied(result)) {
        return result;
      }
      waitByDescriptor = false; // Linux 5.3 has the descriptor, and only 5.4 waits for it
    }
    return posix.waitId(constants.P_PID(), pid, info, options);
  }

  private static Termination status(PosixConstants constants, int code, int value) {
    return code == constants.CLD_EXITED()
        ? new Termination.Exited(value)
        : new Termination.Killed(value, code == constants.CLD_DUMPED());
  }

  private void closeDescriptor() {
    int closing = descriptor;
    if (closing != NONE) {
      descriptor = NONE;
      waitByDescriptor = false;
      if (registration != null) {
        registration.remove(closing);
      }
      Closing.close(posix, closing);
    }
  }
}
