package io.github.jpopen.posix.wait;

import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.time.Duration;
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
final class PollBackend implements PollerBackend {
  private record Armed(int descriptor, int events, long token) {}

  private final PollContexts contexts;
  private volatile PollContext context;
  private final Duration longest;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Armed> armed = new HashMap<>();

  PollBackend(PollContexts contexts, Duration longest) {
    this.contexts = contexts;
    this.longest = longest;
    context = contexts.take();
  }

  @Override
  public int arm(int descriptor, boolean known, int events, long token) {
    lock.lock();
    try {
      armed.put(descriptor, new Armed(descriptor, events, token));
    } finally {
      lock.unlock();
    }
    context.wakeUp();
    return 0;
  }

  // Ends a running wait: as long as poll(2) holds the pipe, closing our end would not give the
  // child EPIPE.
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
      context.wakeUp();
    }
  }

  // The number may have been armed for another file since.
  @Override
  public void lose(int descriptor, long token) {
    lock.lock();
    try {
      Armed known = armed.get(descriptor);
      if (known != null && known.token == token) {
        armed.remove(descriptor);
      }
    } finally {
      lock.unlock();
    }
    context.wakeUp();
  }

  @Override
  public void await(LongConsumer ready) throws IOException, InterruptedException {
    PollContext used = usable();
    List<Armed> waitedFor = prepare(used);
    used.await(Deadline.after(longest));
    for (int i = 0; i < waitedFor.size(); i++) {
      if (used.happened(i) != 0 && disarm(waitedFor.get(i))) {
        ready.accept(waitedFor.get(i).token);
      }
    }
  }

  // Its descriptor may have been unavailable or lost. A thread that wakes the old one comes before
  // the new set is prepared.
  private PollContext usable() {
    PollContext used = context;
    if (!used.canBeWoken()) {
      contexts.give(used);
      used = contexts.take();
      context = used;
    }
    return used;
  }

  private List<Armed> prepare(PollContext used) {
    lock.lock();
    try {
      List<Armed> now = new ArrayList<>(armed.values());
      used.clear();
      for (Armed one : now) {
        used.add(one.descriptor, one.events);
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
    contexts.give(context);
  }
}
