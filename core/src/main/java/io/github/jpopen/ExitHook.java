package io.github.jpopen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the children that are not to outlive this JVM. A shutdown hook is registered only while
 * there are such children, so that the class loader of this library can be unloaded.
 */
final class ExitHook {
  /** What all children together get that are asked first. */
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

  private static final int FEW = 64;
  private static final ExitHook INSTANCE = new ExitHook(Duration.ofSeconds(1));

  private final long patience;

  private final Set<Ender> children = new LinkedHashSet<>();
  private @Nullable Thread hook;
  private boolean ending;
  private boolean collected; // the hook has seen the children: it ends none that comes later
  private int starting;
  private int lookAgainAt = FEW;

  /**
   * Ends nothing yet.
   *
   * @param patience how long it waits for starts: one may open a FIFO, and wait for another process
   */
  ExitHook(Duration patience) {
    this.patience = patience.toNanos();
  }

  /**
   * The start of a child. The hook waits a moment for its end, so that no child is missed. Used by
   * one thread.
   */
  final class Start implements AutoCloseable {
    private boolean over;

    private Start() {}

    /** Ends the child when the JVM ends, or now if it is too late for that. */
    void started(Ender child) {
      boolean late = put(child);
      over = true;
      if (late) {
        child.endQuietly();
      }
      dropEnded();
    }

    /** The start has failed, unless {@link #started} was called. */
    @Override
    public void close() {
      if (!over) {
        forget();
      }
    }
  }

  /**
   * A child is about to be started.
   *
   * @return to be closed
   * @throws IllegalStateException if the JVM is ending already
   */
  static Start starting() {
    return INSTANCE.begin();
  }

  /** The child has ended, or was closed. */
  static void remove(Ender child) {
    INSTANCE.drop(child);
  }

  /** As {@link #starting}, for this hook. */
  synchronized Start begin() {
    Start start = new Start();
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
    return start;
  }

  /** Adds a child; whether the hook does not see it any longer. */
  private synchronized boolean put(Ender child) {
    children.add(child);
    starting--;
    notifyAll();
    return collected;
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
    long begun = System.nanoTime();
    long left = patience;
    while (starting > 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = patience - (System.nanoTime() - begun);
    }
    collected = true;
    return List.copyOf(children);
  }

  /** Ends all children; what the hook runs. */
  void endAll() {
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
