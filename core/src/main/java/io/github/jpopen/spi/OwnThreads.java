package io.github.jpopen.spi;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Makes and starts the threads of this library; no other class does. The JDK starts two more: that
 * of {@link GarbageWatch}, and the one at the end of the JVM.
 *
 * <p>A JVM that gets no thread from the system says so by an {@link OutOfMemoryError}. That may
 * happen at any start, so each caller has to do without the thread, or to throw.
 */
public final class OwnThreads {
  /** Enough for a thread that waits, calls the system and runs no code of users. */
  public static final long SMALL_STACK = 256 << 10;

  /** The size that the JVM gives to every thread. */
  public static final long USUAL_STACK = 0;

  /** What starts a thread. The tests put one in its place that refuses to. */
  private static final AtomicReference<Consumer<Thread>> STARTER =
      new AtomicReference<>(new Starter());

  private OwnThreads() {}

  /** No lambda: linking one would cost each first child its time. */
  private static final class Starter implements Consumer<Thread> {
    @Override
    public void accept(Thread thread) {
      thread.start();
    }
  }

  /**
   * Makes a platform thread that keeps no JVM alive. It inherits nothing from the thread that makes
   * it, whose class loader it would keep.
   *
   * @param name begins with {@code jpopen-}
   * @param stack its size in bytes, or {@link #USUAL_STACK}
   * @param body what it does
   * @return the thread, not started
   */
  public static Thread daemon(String name, long stack, Runnable body) {
    return Thread.ofPlatform()
        .name(name)
        .daemon()
        .inheritInheritableThreadLocals(false)
        .stackSize(stack)
        .unstarted(body);
  }

  /**
   * Makes a daemon that inherits the thread locals and the context class loader of the thread that
   * makes it, because it runs code of users.
   *
   * @param name begins with {@code jpopen-}
   * @param body what it does
   * @return the thread, not started
   */
  public static Thread heir(String name, Runnable body) {
    return Thread.ofPlatform().name(name).daemon().unstarted(body);
  }

  /**
   * Makes a virtual thread that inherits what a {@link #heir} does.
   *
   * @param name begins with {@code jpopen-}
   * @param body what it does
   * @return the thread, not started
   */
  public static Thread virtualHeir(String name, Runnable body) {
    return Thread.ofVirtual().name(name).unstarted(body);
  }

  /**
   * Makes a virtual thread, which inherits nothing either.
   *
   * @param name begins with {@code jpopen-}
   * @param body what it does
   * @return the thread, not started
   */
  public static Thread virtual(String name, Runnable body) {
    return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(body);
  }

  /**
   * Starts a thread.
   *
   * @param thread made by this class
   * @throws OutOfMemoryError if the system has no thread, or the JVM no memory
   */
  public static void start(Thread thread) {
    STARTER.get().accept(thread);
  }

  /**
   * Starts a {@link #daemon}, if there is a thread for it.
   *
   * @param name begins with {@code jpopen-}
   * @param stack its size in bytes, or {@link #USUAL_STACK}
   * @param body what it does
   * @return false if the system has no thread now, or the JVM no memory
   */
  public static boolean startIfPossible(String name, long stack, Runnable body) {
    try {
      start(daemon(name, stack, body));
      return true;
    } catch (OutOfMemoryError e) { // which is how the JVM says that pthread_create failed
      return false;
    }
  }
}
