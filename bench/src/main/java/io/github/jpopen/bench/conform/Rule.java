package io.github.jpopen.bench.conform;

/**
 * A rule of {@code communicate}, and how a library is asked whether it keeps it.
 *
 * @param group the heading above it
 * @param sentence what a user may rely on
 * @param check throws {@link Broken} if the library does not keep it
 */
record Rule(String group, String sentence, Check check) {
  /** Asks one library. */
  interface Check {
    void ask(Library library) throws Exception;
  }

  /** The library was seen to break the rule. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String how) {
      super(how);
    }
  }

  /** The library has no call for it. */
  static final class NotOffered extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
