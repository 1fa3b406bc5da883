package io.github.jpopen.conformance;

/** The library was seen to break the rule. */
final class BrokenRule extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenRule(String how) {
    super(how);
  }
}
