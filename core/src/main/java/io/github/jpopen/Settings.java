package io.github.jpopen;

import java.util.function.Consumer;

/**
 * Settings that never change once they are shared: {@link #with} changes a copy. A subclass keeps
 * each setting in a field, whose value is immutable, and needs no code to copy it.
 *
 * @param <S> the subclass
 */
abstract class Settings<S extends Settings<S>> implements Cloneable {
  /** A copy with one change. */
  final S with(Consumer<? super S> change) {
    S copy = copy();
    change.accept(copy);
    copy.check();
    return copy;
  }

  /** Throws if a change has made settings that exclude each other. */
  void check() {}

  @SuppressWarnings("unchecked") // a clone is of the same class
  private S copy() {
    try {
      return (S) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
