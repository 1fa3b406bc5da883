package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that waits on behalf of all virtual threads, which are parked meanwhile. A system
 * call that blocks would keep a virtual thread's carrier.
 *
 * <p>It is a daemon that starts when it is first needed. It moves no bytes and runs no code of
 * users. It knows tokens, which are never used again, so a late event of a closed descriptor has no
 * effect.
 */
public final class Poller implements Registration.Registrar {
  private static final int STACK = 256 << 10;
  private static final long PAUSE_MILLIS = 10;

  private final Posix posix;
  private final PollContexts contexts;
  private final boolean epoll;
  private final Map<Long, Registration> registrations = new ConcurrentHashMap<>();
  private final AtomicLong lastToken = new AtomicLong();
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable PollerBackend interest;

  /**
   * Makes a poller without a thread.
   *
   * @param epoll false to do without epoll
   */
  public Poller(Posix posix, PollContexts contexts, boolean epoll) {
    this.posix = posix;
    this.contexts = contexts;
    this.epoll = epoll;
  }

  /** A registration for one more descriptor. */
  public Registration register() {
    return new Registration(this, lastToken.incrementAndGet());
  }

  @Override
  public boolean arm(Registration registration, int descriptor, int events) {
    PollerBackend running = interest;
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

  @Override
  public void remove(Registration registration, int descriptor) {
    PollerBackend running = interest;
    if (running != null && registration.isKnown()) {
      running.remove(descriptor);
      registrations.remove(registration.token());
    }
  }

  // Null if it is unavailable now, for want of a descriptor or a thread. The next caller tries
  // again.
  private @Nullable PollerBackend start() {
    starting.lock();
    try {
      PollerBackend running = interest;
      if (running != null) {
        return running;
      }
      PollerBackend made = open();
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

  private @Nullable PollerBackend open() {
    int result = epoll ? posix.epollCreate() : -posix.constants().ENOSYS();
    if (result >= 0) {
      return new EpollBackend(posix, result);
    }
    boolean denied = result == -posix.constants().ENOSYS() || result == -posix.constants().EPERM();
    return denied ? new PollBackend(contexts) : null;
  }

  private void serve(PollerBackend served) {
    while (true) {
      try {
        served.await(this::fired);
      } catch (IOException | InterruptedException | RuntimeException | Error e) {
        // The kernel or this JVM has no memory. The thread stays; every waiting thread looks again.
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
