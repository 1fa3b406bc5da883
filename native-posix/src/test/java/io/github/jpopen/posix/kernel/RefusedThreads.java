package io.github.jpopen.posix.kernel;

import io.github.jpopen.spi.OwnThreads;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The threads that the library starts, of which some are not started, as if the system had none.
 */
final class RefusedThreads implements Consumer<Thread>, AutoCloseable {
  static final String MESSAGE = "unable to create native thread: refused by the test";

  /** Which starts are refused, of all threads or of one kind. */
  record Refusal(String kind, int first, int last) {
    boolean includes(String name, int nth) {
      return (kind.isEmpty() || kind.equals(name)) && nth >= first && nth <= last;
    }

    @Override
    public String toString() {
      String which = first == last ? "start " + first : last == Integer.MAX_VALUE ? "all" : "some";
      return which + (kind.isEmpty() ? "" : " of " + kind);
    }
  }

  private final AtomicReference<Consumer<Thread>> starter;
  private final Consumer<Thread> usual;
  private final Refusal refusal;
  private final List<String> begun = new ArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile boolean healed;

  private RefusedThreads(AtomicReference<Consumer<Thread>> starter, Refusal refusal) {
    this.starter = starter;
    this.refusal = refusal;
    usual = starter.get();
  }

  /** From now on, until it is closed. */
  @SuppressWarnings("unchecked") // the field says so
  static RefusedThreads refuse(Refusal refusal) throws ReflectiveOperationException {
    Field field = OwnThreads.class.getDeclaredField("STARTER");
    field.setAccessible(true);
    RefusedThreads made =
        new RefusedThreads((AtomicReference<Consumer<Thread>>) field.get(null), refusal);
    made.starter.set(made);
    return made;
  }

  @Override
  public void accept(Thread thread) {
    if (isRefused(thread.getName())) {
      throw new OutOfMemoryError(MESSAGE);
    }
    usual.accept(thread);
  }

  private synchronized boolean isRefused(String name) {
    begun.add(name);
    int nth =
        refusal.kind().isEmpty()
            ? begun.size()
            : (int) begun.stream().filter(refusal.kind()::equals).count();
    boolean isRefused = !healed && refusal.includes(name, nth);
    if (isRefused) {
      refused.add(name);
    }
    return isRefused;
  }

  /** The kinds of threads that were not started. */
  Set<String> refused() {
    return refused;
  }

  /** From now on there are threads again. */
  void heal() {
    healed = true;
  }

  @Override
  public void close() {
    starter.set(usual);
  }
}
