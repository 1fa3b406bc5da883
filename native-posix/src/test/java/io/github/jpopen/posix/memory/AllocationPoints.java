package io.github.jpopen.posix.memory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Counts the places where the library takes memory, and refuses it there as a test wants.
 *
 * <p>{@link InjectingLoader} puts a call of {@link #pass} before each. All threads are counted, so
 * those of the background run out of memory, too.
 */
public final class AllocationPoints {
  private static final int NEVER = Integer.MAX_VALUE;

  private static final AtomicInteger PASSED = new AtomicInteger();
  private static volatile int first = NEVER;
  private static volatile BooleanSupplier isOver = () -> true;
  private static volatile boolean counting;
  private static volatile String where = "";

  private AllocationPoints() {}

  /** Refuses the nth request for memory from now on, and no other. */
  public static void failOnce(int nth) {
    arm(nth, () -> true);
  }

  /**
   * Refuses the nth request for memory from now on, and all that follow.
   *
   * @param enough whether there is memory again; asked at each request after the first that is
   *     refused, so that nothing depends on the time that another thread gets
   */
  public static void failFrom(int nth, BooleanSupplier enough) {
    arm(nth, enough);
  }

  private static void arm(int nth, BooleanSupplier enough) {
    counting = false;
    where = "";
    PASSED.set(0);
    first = nth;
    isOver = enough;
    counting = true;
  }

  /** From now on there is memory again; counts no longer. */
  public static void heal() {
    counting = false;
  }

  /** How many requests there were since it was armed. */
  public static int count() {
    return PASSED.get();
  }

  /** Whether a request was refused since it was armed. */
  public static boolean hasFired() {
    return !where.isEmpty();
  }

  /** Where the first request was refused. */
  public static String where() {
    return where;
  }

  /** Called by the library before it takes memory. */
  public static void pass() {
    if (counting) {
      int nth = PASSED.incrementAndGet();
      if (nth >= first && !isHealed(nth)) {
        OutOfMemoryError full = new OutOfMemoryError("refused by the test, request " + nth);
        if (where.isEmpty()) {
          where = place(full.getStackTrace());
        }
        throw full;
      }
    }
  }

  private static synchronized boolean isHealed(int nth) {
    if (nth > first && counting && isOver.getAsBoolean()) {
      counting = false;
    }
    return !counting;
  }

  private static String place(StackTraceElement[] trace) {
    StringBuilder place = new StringBuilder(Thread.currentThread().getName());
    for (int i = 1; i < Math.min(7, trace.length); i++) {
      StackTraceElement frame = trace[i];
      String type = frame.getClassName();
      place
          .append(i == 1 ? ": " : " < ")
          .append(type.substring(type.lastIndexOf('.') + 1))
          .append('.')
          .append(frame.getMethodName())
          .append(':')
          .append(frame.getLineNumber());
    }
    return place.toString();
  }
}
