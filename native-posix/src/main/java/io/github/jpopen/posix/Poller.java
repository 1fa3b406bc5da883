package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that waits on behalf of all virtual threads, which are parked meanwhile: a system
 * call that blocks would keep a virtual thread's carrier.
 *
 * <p>It starts when it is first needed and is a daemon. It moves no bytes and runs no code of
 * users; it knows tokens, which are never used again, so what happens late to a descriptor that is
 * gone reaches nobody.
 */
final class Poller {
  private static final int STACK = 256 << 10;
  private static final long PAUSE_MILLIS = 10;

  private final Posix posix;
  private final Waiters waiters;
  private final boolean epoll;
  private final Map<Long, Registration> registrations = new ConcurrentHashMap<>();
  private final AtomicLong lastToken = new AtomicLong();
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable Interest interest;

  /**
   * Describes it.
   *
   * @param epoll false to do without epoll
   */
  Poller(Posix posix, Waiters waiters, boolean epoll) {
    this.posix = posix;
    this.waiters = waiters;
    this.epoll = epoll;
  }

  /** For a descriptor that was not registered yet. */
  Registration register() {
    return new Registration(this, lastToken.incrementAndGet());
  }

  /** Called by the registration. */
  boolean arm(Registration registration, int descriptor, int events) {
    Interest running = interest;
    if (running == null) {
      running = start();
    }
    if (running == null) {
      return false;
    }
    boolean known = registration.isKnown();
    if (!known) {
      registrations.put(registration.token(), registration);
    }
    int result = running.arm(descriptor, known, events, registration.token());
    if (result < 0 && !known) {
      registrations.remove(registration.token());
    }
    return result >= 0;
  }

  /** Called by the registration. */
  void remove(Registration registration, int descriptor) {
    Interest running = interest;
    if (running != null && registration.isKnown()) {
      running.remove(descriptor);
      registrations.remove(registration.token());
    }
  }

  // Null if it cannot be had now: no descriptor, no thread. Who needs it next tries again.
  private @Nullable Interest start() {
    starting.lock();
    try {
      Interest running = interest;
      if (running != null) {
        return running;
      }
      Interest made = open();
      if (made == null) {
        return null;
      }
      try {
        Thread.ofPlatform()
            .name("jpopen-poller")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .stackSize(STACK)
            .start(() -> serve(made));
      } catch (OutOfMemoryError e) { // which is how the JVM says that pthread_create failed
        made.close();
        return null;
      }
      interest = made;
      return made;
    } finally {
      starting.unlock();
    }
  }

  private @Nullable Interest open() {
    int result = epoll ? posix.epollCreate() : -posix.numbers().ENOSYS();
    if (result >= 0) {
      return new EpollInterest(posix, result);
    }
    boolean denied = result == -posix.numbers().ENOSYS() || result == -posix.numbers().EPERM();
    return denied ? new PollInterest(waiters) : null;
  }

  private void serve(Interest served) {
    while (true) {
      try {
        served.await(this::fired);
      } catch (IOException | InterruptedException | RuntimeException | Error e) {
        // The kernel has no memory, or this JVM has none. The thread stays; who waits looks anew.
        registrations.values().forEach(Registration::fired);
        Uninterrupted.sleep(PAUSE_MILLIS);
      }
    }
  }

  private void fired(long token) {
    Registration registration = registrations.get(token);
    if (registration != null) {
      registration.fired();
    }
  }
}
