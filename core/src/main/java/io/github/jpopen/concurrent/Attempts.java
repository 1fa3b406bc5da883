package io.github.jpopen.concurrent;

import org.jspecify.annotations.Nullable;

/**
 * Several steps that are all done, even if one of them fails. The first failure is thrown at the
 * end, with the others as suppressed.
 *
 * @param <E> the checked exception of the steps; {@code RuntimeException} if they have none
 */
public final class Attempts<E extends Exception> {
  private @Nullable Throwable first;

  /** No step was done yet. */
  public Attempts() {}

  /**
   * One step.
   *
   * @param <E> its checked exception
   */
  public interface Step<E extends Exception> {
    /**
     * Runs once.
     *
     * @throws E remembered for {@link #throwFirst}
     */
    void run() throws E;
  }

  /**
   * Does a step. It may be a kill, so what follows must not depend on it.
   *
   * @param step what it throws is kept
   */
  public void attempt(Step<? extends E> step) {
    try {
      step.run();
    } catch (Throwable e) {
      if (first == null) {
        first = e;
      } else if (!first.equals(e)) { // the JVM throws one object when its memory is full
        first.addSuppressed(e);
      }
    }
  }

  /**
   * Throws the first failure, if there is one.
   *
   * @throws E what a step has thrown
   */
  @SuppressWarnings("unchecked") // a step throws nothing else
  public void throwFirst() throws E {
    Throwable failure = first;
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw (E) failure;
    }
  }
}
