package io.github.jpopen.conformance;

/**
 * The library has no call for this. A {@link ProcessLibrary} throws it, and the rule is then {@link
 * Verdict.NotOffered}.
 *
 * @since 0.1
 */
public final class NotOfferedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one without a message, for which no report has a place. */
  public NotOfferedException() {}
}
