package io.github.jpopen.posix.child;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.posix.tree.ProcessDescriptors;
import io.github.jpopen.posix.tree.ProcessSight;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.posix.wait.Registration;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Persistently;
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
 *
 * <p>What a signal needs is made before there is a child, so that a kill takes no memory.
 */
final class ChildExit {
  /** There is no process descriptor. */
  static final int NONE = -1;

  /** A code that no {@code si_code} has: the system no longer knows the exit. */
  private static final int LOST = -1;

  private final Posix posix;
  private final ProcessDescriptors descriptors;
  private final ReentrantLock gate = new ReentrantLock();
  private final MemorySegment info;
  private final MemorySegment usage;
  private int pid;
  private @Nullable ProcessNumber process;
  private volatile int descriptor = NONE;
  private @Nullable ProcessNumber processDescriptor;
  private boolean waitByDescriptor;
  private boolean peekable = true;
  private int
      refusal; // the error of the last look, if it has not shown whether the child has ended
  private boolean collected;
  private int code;
  private int value;
  private @Nullable Termination status;
  private @Nullable Registration registration;
  private @Nullable Runnable waiting; // for a descriptor that was lost; runs without the gate
  private @Nullable ChildUsage used;
  private @Nullable Runnable release;
  private @Nullable Runnable collection;
  private @Nullable Runnable due; // what is to run after the collection, without the gate

  ChildExit(Posix posix, ProcessDescriptors descriptors) {
    this.posix = posix;
    this.descriptors = descriptors;
    Arena arena = Arena.ofAuto();
    info = arena.allocate(posix.constants().sizeOfSigInfo(), Long.BYTES);
    usage = arena.allocate(posix.constants().sizeOfUsage(), Long.BYTES);
  }

  /** The child was started a moment ago. */
  void begin(int startedPid) {
    pid = startedPid;
    process = new ProcessNumber(startedPid);
    int result = descriptors.open(startedPid);
    if (result >= 0) {
      descriptor = result; // first: it is closed even if the next line fails
      processDescriptor = new ProcessNumber(result);
      waitByDescriptor = true;
    } else if (result == -posix.constants().ESRCH() && !isAlive() && !collected) {
      status = new Termination.Lost(); // other code waits for every child of this process
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
      leaveGate();
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
      leaveGate();
    }
  }

  /**
   * Collects the exit if the child has ended. Never waits.
   *
   * @return how it ended, even if that was collected before; null if it runs
   */
  @Nullable Termination collect() throws IOException {
    gate.lock();
    try {
      if (status == null) {
        if (!collected) {
          ask();
        }
        if (collected) { // the kernel reports it once: kept, even if there is no memory for more
          closeDescriptor();
          afterCollection();
          status = termination();
        }
      }
      return status;
    } finally {
      leaveGate();
    }
  }

  /**
   * Sets what runs once the child is no longer ours: its exit was collected, or {@link #release} is
   * called. At once if the exit was collected.
   *
   * @param action needs no memory, and takes no gate
   */
  void onRelease(Runnable action) {
    gate.lock();
    try {
      release = action;
      if (collected || status != null) {
        release();
      }
    } finally {
      leaveGate();
    }
  }

  /**
   * Sets what runs once the exit was collected.
   *
   * @param action throws nothing
   */
  void onCollection(Runnable action) {
    collection = action;
  }

  private void afterCollection() {
    due = collection;
    collection = null;
    release();
  }

  /** The child is left alone, or has ended. */
  void release() {
    gate.lock();
    try {
      Runnable action = release;
      release = null;
      if (action != null) {
        action.run();
      }
    } finally {
      leaveGate();
    }
  }

  /** What the child has used, once its exit was collected; null if that is unknown. */
  @Nullable ChildUsage usage() {
    gate.lock();
    try {
      if (used == null && collected && code != LOST) {
        used = ChildUsage.of(posix.constants(), usage);
      }
      return used;
    } finally {
      leaveGate();
    }
  }

  /**
   * Whether no code of this process has collected the exit, so that the id is still the child's.
   *
   * @return false as well if that cannot be known
   */
  boolean isHeld() {
    gate.lock();
    try {
      return !wasCollected() && refusal == 0;
    } finally {
      leaveGate();
    }
  }

  // Looks whether the exit was collected. If no call can show that, refusal says why.
  private boolean wasCollected() {
    refusal = 0;
    if (collected || status != null) {
      return true;
    }
    int result = peek();
    if (result >= 0 || isDenied(result)) {
      return false;
    }
    if (result == -posix.constants().ECHILD()) {
      return true;
    }
    ProcessNumber target = processDescriptor; // takes signals until the exit is collected
    if (target == null || posix.signalDescriptor(target, 0) < 0) {
      refusal = -result;
    }
    return false;
  }

  /** What the child is doing. Leaves its exit to be collected. */
  Condition condition() {
    if (!isHeld()) {
      return hasEnded() ? Condition.ENDED : Condition.UNKNOWN;
    }
    Condition seen = posix.hasProcFiles() ? ProcessSight.of(pid) : Condition.UNKNOWN;
    if (!isHeld()) {
      return Condition.ENDED; // what was seen may be another process
    }
    return seen == Condition.UNKNOWN ? (hasEnded() ? Condition.ENDED : Condition.ALIVE) : seen;
  }

  private boolean hasEnded() {
    gate.lock();
    try {
      return collected || status != null || isGone();
    } finally {
      leaveGate();
    }
  }

  /**
   * Sends a signal.
   *
   * @return false if the child had ended
   * @throws IOException if the system refused, or if no call tells whether the id is still the
   *     child's
   */
  boolean signal(int number) throws IOException {
    PosixConstants constants = posix.constants();
    gate.lock();
    try {
      // A zombie takes signals without complaint, and without descriptor an id that is no longer
      // our child's may be anybody's: look first.
      if (collected || status != null || isGone()) {
        return false;
      }
      ProcessNumber target = processDescriptor;
      if (target == null && refusal != 0) {
        throw lookRefused();
      }
      int result = target == null ? -constants.ENOSYS() : posix.signalDescriptor(target, number);
      // Not at every EPERM, which may be true of this child: code that collects every child of this
      // process may have done so since the look above, and the id may be another's.
      boolean lost = result == -constants.EBADF();
      if (lost) {
        loseDescriptor();
      }
      if (refusal == 0 && (target == null || lost || descriptors.areDenied(result))) {
        result = posix.kill(pid, number);
      }
      return sent(number, "process ", result);
    } finally {
      leaveGate();
    }
  }

  /**
   * Sends a signal to the group that the child leads.
   *
   * @return false if the exit was collected, or there is no such group
   * @throws IOException if the system refused, or if no call tells whether the id is still the
   *     child's
   */
  boolean signalGroup(int number) throws IOException {
    gate.lock();
    try {
      // Until the leader is collected, the kernel gives its number to no other group. Other code
      // may have collected it.
      if (wasCollected()) {
        return false;
      }
      if (refusal != 0) {
        throw lookRefused();
      }
      return sent(number, "process group ", posix.kill(-pid, number));
    } finally {
      leaveGate();
    }
  }

  private IOException lookRefused() {
    return new IOException(
        "waitid for process " + pid + ": " + posix.constants().errorName(refusal));
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
    try {
      if (status == null && !collected) {
        posix.kill(pid, constants.SIGKILL());
        posix.waitId(
            constants.P_PID(), persistentNumber(), info, constants.WEXITED(), MemorySegment.NULL);
        collected = true;
        code = LOST;
        closeDescriptor();
        afterCollection();
      }
    } finally {
      leaveGate();
    }
  }

  private ProcessNumber persistentNumber() {
    for (int tries = 1; ; tries++) {
      try {
        return number();
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }

  // Whether the child is known to run.
  private boolean isAlive() {
    return !isGone() && refusal == 0;
  }

  // Whether the child has ended. Leaves its exit to be collected. If no call can show it, this is
  // false and refusal says why: the id may be another process's, and only a process descriptor is
  // surely
  // the child's.
  private boolean isGone() {
    refusal = 0;
    int result = peek();
    if (isDenied(result)) {
      peekable = false; // wait4 cannot look without collecting
      // The descriptor stays open, because a step of another thread may be about to poll(2) it. It
      // is readable now, and collect() closes it.
      result = collected ? 0 : tryToAsk();
      if (result >= 0) {
        return collected;
      }
    }
    if (result == -posix.constants().ECHILD()) {
      return true;
    }
    if (result < 0) {
      refusal = -result;
      return false;
    }
    return showsExit(posix.constants(), info);
  }

  // Looks, and leaves the exit to be collected.
  private int peek() {
    PosixConstants constants = posix.constants();
    info.fill((byte) 0); // WNOHANG: nothing is written while the child runs
    int look = constants.WEXITED() | constants.WNOHANG() | constants.WNOWAIT();
    return waitFor(look, MemorySegment.NULL);
  }

  private boolean isDenied(int result) {
    return result == -posix.constants().ENOSYS() || result == -posix.constants().EPERM();
  }

  private void ask() throws IOException {
    int result = tryToAsk();
    if (result < 0) {
      refusal = -result;
      throw lookRefused();
    }
  }

  // Collects the exit if the child has ended; a negated error if no call tells.
  private int tryToAsk() {
    PosixConstants constants = posix.constants();
    info.fill((byte) 0); // as above
    int result = waitFor(constants.WEXITED() | constants.WNOHANG(), usage);
    if (result == -constants.ECHILD()) {
      code = LOST;
      collected = true;
      return 0;
    }
    if (result >= 0 && showsExit(constants, info)) {
      code = info.get(ValueLayout.JAVA_INT, constants.offsetOfCode());
      value = info.get(ValueLayout.JAVA_INT, constants.offsetOfStatus());
      collected = true;
    }
    return result;
  }

  // Whether waitid has reported an exit.
  private static boolean showsExit(PosixConstants constants, MemorySegment info) {
    return showsAny(constants, info) && !showsStop(constants, info);
  }

  /**
   * Whether {@code waitid} has reported no exit, but a stop. To the parent that traces it, a child
   * reports each stop unasked. It does that after {@code PTRACE_TRACEME}, see ptrace(2).
   */
  static boolean showsStop(PosixConstants constants, MemorySegment info) {
    int reported = info.get(ValueLayout.JAVA_INT, constants.offsetOfCode());
    return showsAny(constants, info)
        && reported != constants.CLD_EXITED()
        && reported != constants.CLD_KILLED()
        && reported != constants.CLD_DUMPED();
  }

  private static boolean showsAny(PosixConstants constants, MemorySegment info) {
    return info.get(ValueLayout.JAVA_INT, constants.offsetOfPid()) != 0;
  }

  private Termination termination() {
    PosixConstants constants = posix.constants();
    if (code == LOST) {
      return new Termination.Lost();
    }
    if (code == constants.CLD_EXITED()) {
      return new Termination.Exited(value);
    }
    return new Termination.Killed(value, code == constants.CLD_DUMPED());
  }

  private int waitFor(int options, MemorySegment used) {
    PosixConstants constants = posix.constants();
    ProcessNumber watched = processDescriptor;
    if (waitByDescriptor && watched != null) {
      int result = posix.waitId(constants.P_PIDFD(), watched, info, options, used);
      if (result == -constants.EBADF()) {
        loseDescriptor();
      } else if (result != -constants.EINVAL() && !isDenied(result)) {
        return result;
      }
      waitByDescriptor = false; // Linux 5.3 has the descriptor, and only 5.4 waits for it
    }
    return posix.waitId(constants.P_PID(), number(), info, options, used);
  }

  // It is missing if there was no memory for it when the child had been started.
  private ProcessNumber number() {
    ProcessNumber known = process;
    if (known == null) {
      known = new ProcessNumber(pid);
      process = known;
    }
    return known;
  }

  // Other code in this JVM has closed it. Its number may be another file's by now, so it is not
  // touched again.
  private void loseDescriptor() {
    int lost = descriptor;
    descriptor = NONE;
    processDescriptor = null;
    waitByDescriptor = false;
    if (registration != null && lost != NONE) {
      waiting = registration.lose(lost);
    }
  }

  // What waited for a lost descriptor looks itself, and so takes the gate.
  private void leaveGate() {
    Runnable action = null;
    Runnable last = null;
    if (gate.getHoldCount() == 1) {
      action = waiting;
      waiting = null;
      last = due;
      due = null;
    }
    gate.unlock();
    try {
      if (action != null) {
        action.run();
      }
    } finally {
      if (last != null) {
        last.run();
      }
    }
  }

  private void closeDescriptor() {
    int closing = descriptor;
    if (closing != NONE) {
      descriptor = NONE;
      processDescriptor = null;
      waitByDescriptor = false;
      try {
        if (registration != null) {
          registration.remove(closing);
        }
      } finally {
        Closing.close(posix, closing);
      }
    }
  }
}
