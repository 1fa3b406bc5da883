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

  // Each call repeats itself in a loop of its own: a lambda of a class that is not loaded yet could
  // not be linked while no file can be opened.
  private boolean isWorthAnother(int tries, int result, long before) {
    return result < 0 && tries < TRIES && isLimit(result) && givesBack(before);
  }

  private boolean isLimit(int result) {
    return result == -constants().EMFILE() || result == -constants().ENFILE();
  }

  private boolean givesBack(long before) {
    return collectsGarbage ? children.giveBack(before) : children.giveBackDead(before);
  }

  @Override
  public int pipe(MemorySegment ends) {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.pipe(ends);
    } while (isWorthAnother(++tries, result, before));
    return result;
  }

  @Override
  public int open(MemorySegment path, Access access) {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.open(path, access);
    } while (isWorthAnother(++tries, result, before));
    return result;
  }

  @Override
  public int duplicate(int descriptor, int lowest) {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.duplicate(descriptor, lowest);
    } while (isWorthAnother(++tries, result, before));
    return result;
  }

  @Override
  public int processDescriptor(int pid) {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.processDescriptor(pid);
    } while (isWorthAnother(++tries, result, before));
    return result;
  }

  @Override
  public int eventCounter() {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.eventCounter();
    } while (isWorthAnother(++tries, result, before));
    return result;
  }

  @Override
  public int epollCreate() {
    int tries = 0;
    int result;
    long before;
    do {
      before = children.countGivenBack();
      result = super.epollCreate();
    } while (isWorthAnother(++tries, result, before));
    return result;
  }
}
