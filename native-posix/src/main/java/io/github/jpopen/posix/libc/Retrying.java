package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;

/**
 * What a signal that arrives during a call means, for all calls: the one place that knows EINTR.
 *
 * <p>A call that has done nothing yet is made again; a wait ends as if nothing had happened, since
 * the time left must be computed anew; and {@code close} has closed, because Linux releases the
 * number before anything can interrupt.
 */
public final class Retrying extends ForwardingPosix {
  private final int interrupted;

  /**
   * Makes calls through another implementation.
   *
   * @param calls which may answer EINTR
   */
  public Retrying(Posix calls) {
    super(calls);
    interrupted = -calls.numbers().EINTR();
  }

  @Override
  public int open(MemorySegment path, Access access) {
    int result;
    do {
      result = super.open(path, access);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int findUser(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    int result;
    do {
      result = super.findUser(name, entry, text, found);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int findGroup(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    int result;
    do {
      result = super.findGroup(name, entry, text, found);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int close(int descriptor) {
    int result = super.close(descriptor);
    return result == interrupted ? 0 : result;
  }

  @Override
  public long read(int descriptor, MemorySegment to, long bytes) {
    long result;
    do {
      result = super.read(descriptor, to, bytes);
    } while (result == interrupted);
    return result;
  }

  @Override
  public long write(int descriptor, MemorySegment from, long bytes) {
    long result;
    do {
      result = super.write(descriptor, from, bytes);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int poll(PollSet set, long nanos) {
    int result = super.poll(set, nanos);
    return result == interrupted ? 0 : result;
  }

  @Override
  public int epollWait(int epoll, ReadyTokens ready) {
    int result;
    do {
      result = super.epollWait(epoll, ready);
    } while (result == interrupted);
    return result;
  }

  @Override
  public int waitId(int idType, int id, MemorySegment info, int options) {
    int result;
    do {
      result = super.waitId(idType, id, info, options);
    } while (result == interrupted);
    return result;
  }
}
