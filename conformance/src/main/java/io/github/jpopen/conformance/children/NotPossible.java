package io.github.jpopen.conformance.children;

/** The rule cannot be asked on this system. */
public final class NotPossible extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says why.
   *
   * @param why what is missing
   */
  public NotPossible(String why) {
    super(why);
  }
}
