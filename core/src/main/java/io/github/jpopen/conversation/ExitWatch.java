package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Persistently;
import io.github.jpopen.spi.UnqueuedLock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls listeners when a child has ended. One virtual thread waits on behalf of all of them, and
 * only while there are any.
 */
public final class ExitWatch {
  /** Called once, when the child has ended. Equal only to itself. */
  public interface Listener {
    /**
     * Called on a virtual thread; may block. Called again if it throws.
     *
     * @param failure why the exit cannot be known, or null if it was seen
     */
    void ended(@Nullable Throwable failure);
  }

  /** Calls one listener. Made when there is memory, and run when there may be none. */
  private static final class Call implements Runnable {
    final Listener listener;
    volatile @Nullable Throwable failure;

    Call(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void run() {
      listener.ended(failure);
    }
  }

  private final Conversation conversation;
  private final UnqueuedLock lock = new UnqueuedLock();
  private final Map<Listener, Call> listeners = new LinkedHashMap<>();
  private @Nullable Thread watcher;

  /**
   * Watches nothing yet.
   *
   * @param conversation with the child
   */
  public ExitWatch(Conversation conversation) {
    this.conversation = conversation;
  }

  /**
   * Adds a listener. If the exit was seen already, it is called soon.
   *
   * @param listener kept until it is called or removed
   */
  public void add(Listener listener) {
    boolean watched = false;
    try (var _ = lock.hold()) {
      listeners.put(listener, new Call(listener));
      if (watcher == null) {
        Taker taker = new Taker(); // made here: the thread must not end for want of memory
        Thread thread = thread(() -> watch(taker));
        OwnThreads.start(thread); // may fail for want of memory, and the next listener tries again
        watcher = thread;
      }
      watched = true;
    } finally {
      if (!watched) {
        remove(listener);
      }
    }
  }

  private static Thread thread(Runnable action) {
    return OwnThreads.virtual("jpopen-exit", action);
  }

  /**
   * Removes a listener. It may be running at this moment.
   *
   * @param listener need not have been added
   */
  public void remove(Listener listener) {
    try (var _ = lock.hold()) {
      if (listeners.remove(listener) != null && listeners.isEmpty() && watcher != null) {
        watcher.interrupt();
        watcher = null; // the next listener gets a new one, even if this one is still ending
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the listeners get it, whatever it is
  private void watch(Taker taker) {
    Throwable failure = null;
    try {
      conversation.awaitExit(Deadline.never());
    } catch (InterruptedException e) {
      return; // no listener is left
    } catch (Throwable e) {
      failure = e;
    }
    Call call = taker.next();
    while (call != null) {
      call.failure = failure;
      Call following = taker.next();
      if (following == null || !start(call)) {
        Persistently.run(call);
      }
      call = following;
    }
  }

  /** Takes the listeners, one at a time: an error in between leaves the others where they are. */
  private final class Taker implements Runnable {
    private @Nullable Call taken;

    /** Null if none is left for this thread. */
    @Nullable Call next() {
      Persistently.run(this);
      if (taken == null) {
        boolean _ = Thread.interrupted(); // meant for a wait that is over
      }
      return taken;
    }

    @Override
    public void run() {
      try (var _ = lock.hold()) {
        taken = null;
        if (!Thread.currentThread().equals(watcher)) {
          return; // they belong to its successor
        }
        if (listeners.isEmpty()) {
          watcher = null;
          return;
        }
        Call first = listeners.values().iterator().next();
        listeners.remove(first.listener);
        taken = first;
      }
    }
  }

  /** On a thread of its own, so that none waits for another; false if there is no memory for it. */
  private static boolean start(Call call) {
    try {
      OwnThreads.start(thread(() -> Persistently.run(call)));
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }
}
