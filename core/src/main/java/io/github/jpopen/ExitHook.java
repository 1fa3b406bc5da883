package io.github.jpopen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the children that are not to outlive this JVM. A shutdown hook is registered only while
 * there are such children, so that the class loader of this library can be unloaded.
 */
final class ExitHook {
  /** What all children together get that are asked first. */
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

  private static final int FEW = 64;
  private static final ExitHook INSTANCE = new ExitHook();

  private final Set<Ender> children = new LinkedHashSet<>();
  private @Nullable Thread hook;
  private boolean ending;
  private int starting;
  private int lookAgainAt = FEW;

  private ExitHook() {}

  /**
   * A child is about to be started. Must be followed by {@link #started} or {@link #notStarted}:
   * the hook waits for that, so that no child is missed.
   *
   * @throws IllegalStateException if the JVM is ending already
   */
  static void starting() {
    INSTANCE.begin();
  }

  /** Ends a child when the JVM ends. */
  static void started(Ender child) {
    INSTANCE.put(child);
    INSTANCE.dropEnded();
  }

  /** The start has failed. */
  static void notStarted() {
    INSTANCE.forget();
  }

  /** The child has ended, or was closed. */
  static void remove(Ender child) {
    INSTANCE.drop(child);
  }

  private synchronized void begin() {
    try {
      if (hook == null) {
        Thread thread = new Thread(this::endAll, "jpopen-exit-hook");
        Runtime.getRuntime().addShutdownHook(thread);
        hook = thread;
      } else if (ending) {
        throw new IllegalStateException("the hook of jpopen has run");
      }
    } catch (IllegalStateException e) {
      throw new IllegalStateException("the JVM is ending, and killOnExit was set", e);
    }
    starting++;
  }

  private synchronized void put(Ender child) {
    children.add(child);
    starting--;
    notifyAll();
  }

  private synchronized void forget() {
    starting--;
    notifyAll();
    removeHookIfIdle();
  }

  private synchronized void drop(Ender child) {
    children.remove(child);
    removeHookIfIdle();
  }

  private void removeHookIfIdle() {
    if (children.isEmpty() && starting == 0 && hook != null && !ending) {
      try {
        boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        hook = null;
      } catch (IllegalStateException e) { // it runs, or is about to
      }
    }
  }

  /** Children that have ended unseen would stay here for ever. */
  private void dropEnded() {
    for (Ender child : ifMany()) {
      if (child.hasEnded()) {
        drop(child);
      }
    }
  }

  private synchronized List<Ender> ifMany() {
    if (children.size() < lookAgainAt) {
      return List.of();
    }
    lookAgainAt = Math.max(FEW, 2 * children.size());
    return List.copyOf(children);
  }

  private synchronized List<Ender> all() throws InterruptedException {
    ending = true;
    while (starting > 0) {
      wait();
    }
    return List.copyOf(children);
  }

  private void endAll() {
    List<Ender> running = new ArrayList<>();
    try {
      for (Ender child : all()) {
        if (!child.hasEnded()) { // what an ended child has started lives on
          running.add(child);
        }
      }
    } catch (InterruptedException e) {
      return; // no code has a reason to interrupt a shutdown hook
    }
    new CommonEnd(running, LONGEST_GRACE).run();
  }
}
