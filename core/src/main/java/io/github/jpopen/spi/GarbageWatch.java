package io.github.jpopen.spi;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions after a collection of garbage, on one thread for all of this library.
 *
 * <p>The thread keeps what an action refers to, classes included, until the action has run. So an
 * action must not depend on the collection of its own class loader.
 */
public final class GarbageWatch {
  private static final AtomicReference<@Nullable Cleaner> CLEANER = new AtomicReference<>();

  private GarbageWatch() {}

  /**
   * Runs an action once when an object has become unreachable.
   *
   * @param owner the object; the action must not refer to it
   * @param action what to do; may run earlier, by {@link Cleaner.Cleanable#clean}
   * @return the registration
   */
  public static Cleaner.Cleanable register(Object owner, Runnable action) {
    return cleaner().register(owner, action);
  }

  /**
   * Runs an action once, after the next collection of garbage.
   *
   * @param action what to do
   */
  public static void afterNextCollection(Runnable action) {
    Cleaner.Cleanable _ = cleaner().register(new Object(), action);
  }

  // One thread, started with the first child. It is virtual if that child is started on a virtual
  // thread, because then there are carriers anyway, and a daemon otherwise. It would keep for ever
  // what it inherits from the thread that starts it, so it inherits nothing. Not in a class
  // initialiser: if no thread can be started now, the next call tries again.
  private static Cleaner cleaner() {
    Cleaner known = CLEANER.get();
    if (known != null) {
      return known;
    }
    Cleaner made = make();
    Cleaner other = CLEANER.compareAndExchange(null, made);
    return other == null ? made : other;
  }

  private static Cleaner make() {
    return Thread.currentThread().isVirtual()
        ? Cleaner.create(
            Thread.ofVirtual()
                .name("jpopen-cleaner")
                .inheritInheritableThreadLocals(false)
                .factory())
        : Cleaner.create();
  }
}
