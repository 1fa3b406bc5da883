package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;

/**
 * Handles EINTR for all calls, so that no caller has to.
 *
 * <ul>
 *   <li>A call that has had no effect yet is made again.
 *   <li>{@code poll} and {@code epoll_wait} return 0, because their callers must compute the
 *       remaining time again. SIGCHLD interrupts any waiting thread while another one blocks
 *       signals to spawn. So a wait that began anew each time might never end.
 *   <li>{@code close} has succeeded: Linux releases the number before a signal can interrupt.
 * </ul>
 */
public final class Retrying extends ForwardingPosix {
  private final int interrupted;

  /**
   * Wraps an implementation.
   *
   * @param calls which may return EINTR
   */
  public Retrying(Posix calls) {
    super(calls);
    interrupted = -calls.constants().EINTR();
  }

  @Override
  public int open(MemorySegment path, Access access) {
    int result;
    do {
      result = calls.open(path, access);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int findUser(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    int result;
    do {
      result = calls.findUser(name, entry, text, found);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int findGroup(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    int result;
    do {
      result = calls.findGroup(name, entry, text, found);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int close(int descriptor) {
    int result = calls.close(descriptor);
    return result == interrupted ? 0 : result;
  }

  @Override
  public long read(int descriptor, MemorySegment to, long bytes) {
    long result;
    do {
      result = calls.read(descriptor, to, bytes);
    } while (result == interrupted);
    return result;
  }

  @Override
  public long write(int descriptor, MemorySegment from, long bytes) {
    long result;
    do {
      result = calls.write(descriptor, from, bytes);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int poll(PollSet set, long nanos) {
    int result = calls.poll(set, nanos);
    return result == interrupted ? 0 : result;
  }

  @Override
  public int epollWait(int epoll, ReadyTokens ready) {
    int result = calls.epollWait(epoll, ready);
    return result == interrupted ? 0 : result;
  }

  @Override
  public int waitId(
      int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
    int result;
    do {
      result = calls.waitId(idType, id, info, options, usage);
    } while (result == interrupted);
    return result;
  }
}
