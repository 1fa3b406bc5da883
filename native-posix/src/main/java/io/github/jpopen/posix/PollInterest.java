package io.github.jpopen.posix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The descriptors of the poller where there is no epoll: all are handed to {@code poll} each time,
 * and arming one ends a wait that runs.
 */
final class PollInterest implements Interest {
  private record Armed(int descriptor, int events, long token) {}

  private final Waiters waiters;
  private final Waiter waiter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Armed> armed = new HashMap<>();

  PollInterest(Waiters waiters) {
    this.waiters = waiters;
    waiter = waiters.take();
  }

  @Override
  public int arm(int descriptor, boolean known, int events, long token) {
    lock.lock();
    try {
      armed.put(descriptor, new Armed(descriptor, events, token));
    } finally {
      lock.unlock();
    }
    waiter.wakeUp();
    return 0;
  }

  // A wait that runs is ended: as long as poll(2) has the pipe, closing it would not tell the child
  // that nobody reads any more.
  @Override
  public void remove(int descriptor) {
    boolean waitedFor;
    lock.lock();
    try {
      waitedFor = armed.remove(descriptor) != null;
    } finally {
      lock.unlock();
    }
    if (waitedFor) {
      waiter.wakeUp();
    }
  }

  @Override
  public void await(LongConsumer ready) throws IOException, InterruptedException {
    List<Armed> waitedFor = prepare();
    waiter.await(-1);
    for (int i = 0; i < waitedFor.size(); i++) {
      if (waiter.happened(i) != 0 && disarm(waitedFor.get(i))) {
        ready.accept(waitedFor.get(i).token);
      }
    }
  }

  private List<Armed> prepare() {
    lock.lock();
    try {
      List<Armed> now = new ArrayList<>(armed.values());
      waiter.clear();
      for (Armed one : now) {
        waiter.add(one.descriptor, one.events);
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  // False if it was removed, or armed anew, while it was waited for.
  private boolean disarm(Armed one) {
    lock.lock();
    try {
      return armed.remove(one.descriptor, one);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    waiters.give(waiter);
  }
}
