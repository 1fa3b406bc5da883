package io.github.jpopen.posix.child;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Uninterrupted;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A thread that waits for one child, where there is no process descriptor to wait for along with
 * the pipes.
 *
 * <p>It leaves the exit to be collected by others, so it needs no part in the gate.
 */
final class WaitidThread implements Runnable {
  private static final long PAUSE_NANOS = 10_000_000;

  private final Posix posix;
  private final ProcessNumber process;
  private final MemorySegment info; // made before the thread: it must not end for want of memory
  private final Runnable ended;

  private WaitidThread(Posix posix, int pid, Runnable ended) {
    this.posix = posix;
    process = new ProcessNumber(pid);
    info = Arena.ofAuto().allocate(posix.constants().sizeOfSigInfo(), Long.BYTES);
    this.ended = ended;
  }

  /**
   * Starts to watch.
   *
   * @param ended is run on the thread when the child has ended
   * @return false if no thread could be started
   */
  static boolean start(Posix posix, int pid, Runnable ended) {
    try {
      return OwnThreads.startIfPossible(
          "jpopen-wait", OwnThreads.SMALL_STACK, new WaitidThread(posix, pid, ended));
    } catch (OutOfMemoryError e) { // no memory for the object
      return false;
    }
  }

  @Override
  public void run() {
    try {
      while (!hasWaited()) {
        Uninterrupted.pause(PAUSE_NANOS);
      }
    } finally {
      ended.run(); // even after an error: a thread that waits in vain would wait for ever
    }
  }

  private boolean hasWaited() {
    PosixConstants constants = posix.constants();
    try {
      int result =
          posix.waitId(
              constants.P_PID(),
              process,
              info,
              constants.WEXITED() | constants.WNOWAIT(),
              MemorySegment.NULL);
      // Or else it has stopped for us as its tracer, and shows that until another look takes it.
      return result < 0 || !ChildExit.showsStop(constants, info);
    } catch (OutOfMemoryError e) { // another thread may give some back soon
      return false;
    }
  }
}
