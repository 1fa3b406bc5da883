package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.Posix;
import java.lang.foreign.MemorySegment;

/**
 * Calls that open descriptors: at a limit they give back what dead children hold, and try again.
 *
 * <p>Not for a thread that has a descriptor table of its own, where closing a descriptor would
 * leave the one of the process open.
 */
final class Reclaiming extends ForwardingPosix {
  private static final int TRIES = 10;

  private final UnwatchedChildren children;
  private final boolean collectsGarbage;

  /**
   * Wraps an implementation.
   *
   * @param collectsGarbage whether the garbage collector may be asked to run, which takes time
   */
  Reclaiming(Posix calls, UnwatchedChildren children, boolean collectsGarbage) {
    super(calls);
    this.children = children;
    this.collectsGarbage = collectsGarbage;
  }

  private boolean isWorthAnother(int tries, int result) {
    return result < 0 && tries < TRIES && isLimit(result) && givesBack();
  }

  private boolean isLimit(int result) {
    return result == -constants().EMFILE() || result == -constants().ENFILE();
  }

  private boolean givesBack() {
    return collectsGarbage ? children.giveBack() : children.giveBackDead();
  }

  @Override
  public int pipe(MemorySegment ends) {
    int result = super.pipe(ends);
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.pipe(ends);
    }
    return result;
  }

  @Override
  public int open(MemorySegment path, Access access) {
    int result = super.open(path, access);
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.open(path, access);
    }
    return result;
  }

  @Override
  public int duplicate(int descriptor, int lowest) {
    int result = super.duplicate(descriptor, lowest);
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.duplicate(descriptor, lowest);
    }
    return result;
  }

  @Override
  public int processDescriptor(int pid) {
    int result = super.processDescriptor(pid);
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.processDescriptor(pid);
    }
    return result;
  }

  @Override
  public int eventCounter() {
    int result = super.eventCounter();
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.eventCounter();
    }
    return result;
  }

  @Override
  public int epollCreate() {
    int result = super.epollCreate();
    for (int tries = 1; isWorthAnother(tries, result); tries++) {
      result = super.epollCreate();
    }
    return result;
  }
}
