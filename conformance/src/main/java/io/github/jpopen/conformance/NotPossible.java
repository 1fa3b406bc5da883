package io.github.jpopen.conformance;

/** The rule cannot be asked on this system. */
final class NotPossible extends Exception {
  private static final long serialVersionUID = 1L;

  NotPossible(String why) {
    super(why);
  }
}
