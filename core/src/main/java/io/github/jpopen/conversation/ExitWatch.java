package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls listeners when a child has ended. One virtual thread waits on behalf of all of them, and
 * only while there are any.
 */
public final class ExitWatch {
  /** Called once, when the child has ended. Equal only to itself. */
  public interface Listener {
    /**
     * Called at most once, on a virtual thread; may block.
     *
     * @param failure why the exit cannot be known, or null if it was seen
     */
    void ended(@Nullable Throwable failure);
  }

  private final Conversation conversation;
  private final StateLock lock = new StateLock();
  private final Set<Listener> listeners = new LinkedHashSet<>();
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
    try (var _ = lock.hold()) {
      listeners.add(listener);
      if (watcher == null) {
        watcher =
            Thread.ofVirtual()
                .name("jpopen-exit")
                .inheritInheritableThreadLocals(false)
                .unstarted(this::watch);
        watcher.start();
      }
    }
  }

  /**
   * Removes a listener. It may be running at this moment.
   *
   * @param listener need not have been added
   */
  public void remove(Listener listener) {
    try (var _ = lock.hold()) {
      if (listeners.remove(listener) && listeners.isEmpty() && watcher != null) {
        watcher.interrupt();
        watcher = null; // the next listener gets a new one, even if this one is still ending
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the listeners get it, whatever it is
  private void watch() {
    Throwable failure = null;
    try {
      conversation.awaitExit(Deadline.never());
    } catch (InterruptedException e) {
      return; // no listener is left
    } catch (Throwable e) {
      failure = e;
    }
    call(takeListeners(), failure);
  }

  private List<Listener> takeListeners() {
    try (var _ = lock.hold()) {
      if (!Thread.currentThread().equals(watcher)) {
        return List.of(); // they belong to its successor
      }
      watcher = null;
      List<Listener> all = List.copyOf(listeners);
      listeners.clear();
      return all;
    }
  }

  /** Each on a thread of its own, so that none waits for another. */
  private static void call(List<Listener> all, @Nullable Throwable failure) {
    for (int i = 0; i < all.size(); i++) {
      Listener listener = all.get(i);
      if (i < all.size() - 1) {
        Thread.ofVirtual()
            .name("jpopen-exit")
            .inheritInheritableThreadLocals(false)
            .start(() -> listener.ended(failure));
      } else {
        listener.ended(failure);
      }
    }
  }
}
