package io.github.jpopen.conformance;

/**
 * What came out when a library was asked for a rule.
 *
 * @since 0.1
 */
public sealed interface Verdict {
  /**
   * The library keeps the rule.
   *
   * @since 0.1
   */
  record Kept() implements Verdict {}

  /**
   * The library was seen to break the rule.
   *
   * @param how what was seen
   * @since 0.1
   */
  record Broken(String how) implements Verdict {}

  /**
   * The library has no call for it.
   *
   * @since 0.1
   */
  record NotOffered() implements Verdict {}

  /**
   * The rule cannot be asked here.
   *
   * @param why what is missing on this system
   * @since 0.1
   */
  record NotAsked(String why) implements Verdict {}
}
