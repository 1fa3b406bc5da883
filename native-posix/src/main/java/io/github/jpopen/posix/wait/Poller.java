package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.OwnThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that waits on behalf of all virtual threads, which are parked meanwhile. A system
 * call that blocks would keep a virtual thread's carrier.
 *
 * <p>It is a daemon that starts when it is needed, and ends when it has known no descriptor for a
 * while. It moves no bytes and runs no code of users. It knows tokens, which are never used again,
 * so a late event of a closed descriptor has no effect.
 */
public final class Poller implements Registration.Registrar {
  private static final long PAUSE_NANOS = 10_000_000;

  /** The shortest wait: a thread that is not to idle would look again and again. */
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

  private final Posix posix;
  private final PollContexts contexts;
  private final boolean epoll;
  private final Duration idle;
  private final Map<Long, Registration> registrations = new ConcurrentHashMap<>();
  private final AtomicLong lastToken = new AtomicLong();
  private final ReentrantLock starting = new ReentrantLock();

  // Made here: when it is needed, memory may be short.
  private final Waking waking = new Waking();
  private volatile @Nullable PollerSession session;

  /**
   * Makes a poller without a thread.
   *
   * @param epoll false to do without epoll
   * @param idle after which time without a descriptor the thread ends
   */
  public Poller(Posix posix, PollContexts contexts, boolean epoll, Duration idle) {
    this.posix = posix;
    this.contexts = contexts;
    this.epoll = epoll;
    this.idle = idle;
  }

  /** A registration for one more descriptor. */
  public Registration register() {
    return new Registration(this, lastToken.incrementAndGet());
  }

  @Override
  public boolean arm(Registration registration, int descriptor, int events) {
    PollerSession known = registration.session();
    if (known != null) {
      return known.backend().arm(descriptor, true, events, registration.token()) >= 0;
    }
    PollerSession entered = enter();
    if (entered == null) {
      return false;
    }
    boolean armed = false;
    try {
      registrations.put(registration.token(), registration);
      armed = entered.backend().arm(descriptor, false, events, registration.token()) >= 0;
    } finally {
      if (armed) {
        registration.setSession(entered);
      } else {
        registrations.remove(registration.token());
        entered.leave();
      }
    }
    return armed;
  }

  @Override
  public void remove(Registration registration, int descriptor) {
    PollerSession known = registration.session();
    if (known != null) {
      known.backend().remove(descriptor);
      forget(registration, known);
    }
  }

  @Override
  public void lose(Registration registration, int descriptor) {
    PollerSession known = registration.session();
    if (known != null) {
      known.backend().lose(descriptor, registration.token());
      forget(registration, known);
    }
  }

  private void forget(Registration registration, PollerSession known) {
    registration.setSession(null);
    registrations.remove(registration.token());
    known.leave();
  }

  private @Nullable PollerSession enter() {
    PollerSession running = session;
    return running != null && running.enter() ? running : start();
  }

  // Null if it is unavailable now, for want of a descriptor or a thread. The next caller tries
  // again.
  private @Nullable PollerSession start() {
    starting.lock();
    try {
      PollerSession running = session;
      if (running != null && running.enter()) {
        return running;
      }
      PollerBackend backend = open();
      if (backend == null) {
        return null;
      }
      PollerSession made = started(backend);
      if (made != null) {
        session = made;
      }
      return made;
    } finally {
      starting.unlock();
    }
  }

  // Entered already, so that the thread does not end. Null if there is no thread.
  private @Nullable PollerSession started(PollerBackend backend) {
    boolean complete = false;
    try {
      PollerSession made = new PollerSession(backend);
      complete =
          made.enter()
              && OwnThreads.startIfPossible(
                  "jpopen-poller", OwnThreads.SMALL_STACK, () -> serve(made));
      return complete ? made : null;
    } finally {
      if (!complete) {
        backend.close();
      }
    }
  }

  private @Nullable PollerBackend open() {
    int result = epoll ? posix.epollCreate() : -posix.constants().ENOSYS();
    Duration longest = idle.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : idle;
    if (result >= 0) {
      return epollBackend(result, longest);
    }
    boolean denied = result == -posix.constants().ENOSYS() || result == -posix.constants().EPERM();
    return denied ? new PollBackend(contexts, longest) : null;
  }

  private PollerBackend epollBackend(int descriptor, Duration longest) {
    PollerBackend made = null;
    try {
      made = new EpollBackend(posix, descriptor, longest);
      return made;
    } finally {
      if (made == null) { // for want of memory
        Closing.close(posix, descriptor);
      }
    }
  }

  private void serve(PollerSession served) {
    long lastUse = System.nanoTime();
    while (System.nanoTime() - lastUse < idle.toNanos() || !served.end()) {
      try {
        served.backend().await(waking);
      } catch (IOException | InterruptedException | RuntimeException | Error e) {
        recover();
      }
      if (served.isUsed()) {
        lastUse = System.nanoTime();
      }
    }
    served.backend().close();
  }

  // The kernel or this JVM has no memory. Events may have been taken and not passed on, so every
  // waiting thread looks again. That may fail as well: the thread must not end, because no virtual
  // thread would ever be woken again.
  private void recover() {
    boolean recovered = false;
    while (!recovered) {
      boolean _ = Thread.interrupted(); // it would end the pause
      LockSupport.parkNanos(this, PAUSE_NANOS);
      try {
        for (Registration waiting : registrations.values()) {
          waiting.fired();
        }
        recovered = true;
      } catch (RuntimeException | Error e) {
        // Again, after the pause.
      }
    }
  }

  /** Wakes the thread that waits. No lambda: linking one would cost each first child its time. */
  private final class Waking implements LongConsumer {
    @Override
    public void accept(long token) {
      Registration registration = registrations.get(token);
      if (registration != null) {
        registration.fired();
      }
    }
  }
}
