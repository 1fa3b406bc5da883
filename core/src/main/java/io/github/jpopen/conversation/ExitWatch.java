package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells everybody who asked that a child has ended. One virtual thread waits for all who ask about
 * the same child, and only as long as somebody does.
 */
public final class ExitWatch {
  /** Wants to know, once. Equal only to itself. */
  public interface Listener {
    /**
     * Called once at most, on a virtual thread; it may take its time.
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
   * Asks to be told, also of an exit that was seen already.
   *
   * @param listener until it is told, or removed
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
   * Asks not to be told any more. It may be being told just now.
   *
   * @param listener need not be there
   */
  public void remove(Listener listener) {
    try (var _ = lock.hold()) {
      if (listeners.remove(listener) && listeners.isEmpty() && watcher != null) {
        watcher.interrupt();
        watcher = null; // who asks next gets a new one, whatever becomes of this
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it is, it is the listeners' to know
  private void watch() {
    Throwable failure = null;
    try {
      conversation.awaitExit(Deadline.never());
    } catch (InterruptedException e) {
      return; // nobody asks any more
    } catch (Throwable e) {
      failure = e;
    }
    tell(failure, takeListeners());
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

  /** Each on a thread of its own, so that none waits for what another makes of the news. */
  private static void tell(@Nullable Throwable failure, List<Listener> all) {
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
