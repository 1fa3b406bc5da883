package io.github.jpopen.posix.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.child.PosixChild;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.spawn.SpawnServices;
import io.github.jpopen.posix.spawn.Spawner;
import io.github.jpopen.posix.tree.TreeCgroup;
import io.github.jpopen.posix.tree.TreeMark;
import io.github.jpopen.spi.Persistently;
import io.github.jpopen.spi.SpawnRefused;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has the children killed that must not outlive this JVM, even if it is killed itself.
 *
 * <p>A process of {@code sh}, the guard, reads from a pipe of ours which children there are. The
 * kernel closes our end when this JVM is gone, in whatever way, and the guard then does what {@link
 * GuardScript} says. It is started with the first such child, and ends with the last one.
 *
 * <p>The guard is a second net, below the hook at the JVM's orderly end. So a guard that cannot be
 * started refuses no child.
 */
public final class DeathGuard {
  private static final long SEND_NANOS = 1_000_000_000;

  /** With the rest of its line less than PIPE_BUF. */
  private static final int LONGEST_NAME = 2_000;

  private final SpawnServices services;
  private final Posix posix;
  private final PosixConstants constants;

  /**
   * Taken within the gate of a child whose exit is collected. A start within it may collect exits,
   * but only of children that no other thread uses.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final PollSet pipe = new PollSet(1);
  private @Nullable PosixChild guard;

  /** The newest of all children, linked: to note one and to forget it needs no memory. */
  private @Nullable Watch last;

  private long lastId;

  /** Makes it, and starts no process yet. */
  public DeathGuard(SpawnServices services) {
    this.services = services;
    posix = services.posix();
    constants = posix.constants();
  }

  /**
   * Has a child killed if it lives when this JVM is gone.
   *
   * @param child was started a moment ago; the guard forgets it once its exit was collected, or
   *     when it is closed
   */
  public void watch(PosixChild child) {
    Watch watch = add(child);
    child.onRelease(watch); // without the lock, because this may run it at once
  }

  private Watch add(PosixChild child) {
    lock.lock();
    try {
      Watch watch = new Watch(++lastId, child);
      boolean done = false;
      try {
        watch.enter();
        if (!send(watch.begin)) {
          restart();
        }
        done = true;
      } finally {
        if (!done) {
          remove(watch);
        }
      }
      return watch;
    } finally {
      lock.unlock();
    }
  }

  private void remove(Watch watch) {
    lock.lock();
    try {
      if (watch.leave()) {
        forget(watch);
      }
    } finally {
      lock.unlock();
    }
  }

  // If there is no memory, the guard does not know of it.
  private void forget(Watch watch) {
    boolean knows = false;
    try {
      knows = send(watch.end);
    } finally {
      if (!knows) {
        dismiss();
      } else if (last == null) {
        close();
      }
    }
  }

  private void restart() {
    dismiss();
    try {
      guard = new Spawner(services, GuardRequest.make()).spawn();
    } catch (SpawnRefused e) {
      return; // no shell, or a limit: the next child tries again
    }
    boolean knows = false;
    try {
      knows = sendAll();
    } finally {
      if (!knows) {
        dismiss();
      }
    }
  }

  private boolean sendAll() {
    for (Watch watch = last; watch != null; watch = watch.before) {
      if (!send(watch.begin)) {
        return false;
      }
    }
    return true;
  }

  /** Ends a guard that does not know what it should: it must not act on what it knows. */
  private void dismiss() {
    PosixChild lost = guard;
    if (lost != null && kill(lost)) {
      close();
    }
  }

  // False if it lives. It would kill at the end of its input, so that stays open.
  private boolean kill(PosixChild lost) {
    for (int tries = 1; ; tries++) {
      try {
        boolean _ = lost.signal(constants.SIGKILL());
        return true;
      } catch (IOException e) {
        return false;
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }

  /** Ends the input of the guard, and so the guard. Another thread collects its exit. */
  private void close() {
    PosixChild ending = guard;
    if (ending != null) {
      ending.closePersistently(); // no other code knows of it
      guard = null;
    }
  }

  // A line is shorter than PIPE_BUF, so write(2) takes all of it or nothing.
  private boolean send(MemorySegment line) {
    PosixChild to = guard;
    if (to == null) {
      return false;
    }
    int descriptor = to.stdin();
    long result = posix.write(descriptor, line, line.byteSize());
    if (result == -constants.EAGAIN()) { // the guard is stopped, or slower than this JVM
      pipe.clear();
      pipe.add(descriptor, constants.POLLOUT());
      if (posix.poll(pipe, SEND_NANOS) > 0) {
        result = posix.write(descriptor, line, line.byteSize());
      }
    }
    return result == line.byteSize();
  }

  /** One child. Its lines are made first, because forgetting it must not need memory. */
  private final class Watch implements Runnable {
    private final MemorySegment begin;
    private final MemorySegment end;
    private boolean listed;
    private @Nullable Watch before;
    private @Nullable Watch after;

    Watch(long id, PosixChild child) {
      TreeMark mark = child.mark();
      String token = mark == null ? "-" : mark.token();
      begin = line("+ " + id + " " + child.pid() + " " + token + " " + cgroup(child));
      end = line("- " + id);
    }

    // A line is read word by word, its last word with blanks inside, and must be short.
    private static String cgroup(PosixChild child) {
      TreeCgroup cgroup = child.cgroup();
      if (cgroup == null || child.mark() == null) { // without killTree, only the child is killed
        return "";
      }
      String name = new String(PathBytes.ofFile(cgroup.directory()), ISO_8859_1);
      return name.indexOf('\n') < 0 && name.length() < LONGEST_NAME ? name : "";
    }

    private static MemorySegment line(String text) {
      byte[] bytes = (text + "\n").getBytes(ISO_8859_1);
      return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    void enter() {
      before = last;
      if (before != null) {
        before.after = this;
      }
      last = this;
      listed = true;
    }

    /** Whether it was there. */
    boolean leave() {
      if (!listed) {
        return false;
      }
      listed = false;
      if (before != null) {
        before.after = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
      return true;
    }

    @Override
    public void run() {
      remove(this);
    }
  }
}
